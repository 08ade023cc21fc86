package io.slipway.registry.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import io.slipway.registry.store.MetadataStore;
import io.slipway.registry.store.MetadataStoreContract;
import io.slipway.registry.store.RepositoryName;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class SqliteMetadataStoreTest extends MetadataStoreContract {

  @Override
  protected MetadataStore open() {
    return SqliteMetadataStore.open(folder);
  }

  @Test
  void filesOfANewerFormatAreRefusedByName() throws SQLException {
    try (SqliteSession session = SqliteSession.open(folder.resolve("metadata.db"))) {
      session.execute("PRAGMA user_version=99");
    }
    assertThatThrownBy(this::open)
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("metadata.db was written by a newer slipway");
  }

  @Test
  void writesAfterCloseAreRefused() {
    MetadataStore second = SqliteMetadataStore.open(folder);
    second.close();
    assertThatThrownBy(() -> second.tags().delete(new RepositoryName("a"), "t"))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("shutting down");
  }

  @Test
  void theLogIsSyncedOnlyWhenAskedFor() throws SQLException {
    SqliteSession session = SqliteSession.open(folder.resolve("mode.db"));
    session.execute("CREATE TABLE t(x)");
    GroupCommitWriter writer = new GroupCommitWriter("test", session).start();
    int relaxed =
        writer.write(
            GroupCommitWriter.Durability.PROCESS_DEATH, SqliteMetadataStoreTest::synchronous);
    int full =
        writer.write(GroupCommitWriter.Durability.POWER_LOSS, SqliteMetadataStoreTest::synchronous);
    writer.close();
    assertThat(relaxed).isEqualTo(1);
    assertThat(full).isEqualTo(2);
  }

  private static int synchronous(SqliteSession session) throws SQLException {
    return session.first("PRAGMA synchronous", row -> row.getInt(1)).orElseThrow();
  }

  @Test
  void aFailedChangeHarmsNoOtherOfItsBatch() throws SQLException {
    SqliteSession session = SqliteSession.open(folder.resolve("batch.db"));
    session.execute("CREATE TABLE t(x UNIQUE)");
    GroupCommitWriter writer = new GroupCommitWriter("test", session);
    Thread good = Thread.startVirtualThread(() -> insert(writer, 1));
    Thread bad =
        Thread.startVirtualThread(() ->
            assertThatThrownBy(() ->
                    writer.write(
                        GroupCommitWriter.Durability.POWER_LOSS,
                        s -> {
                          s.update("INSERT INTO t VALUES(?)", 2);
                          throw new IllegalStateException("no");
                        }))
                .isInstanceOf(Exception.class));
    Thread alsoGood = Thread.startVirtualThread(() -> insert(writer, 3));
    // the writer starts late, so that the three are one batch
    writer.start();
    join(good, bad, alsoGood);
    long rows =
        writer.write(
            GroupCommitWriter.Durability.POWER_LOSS,
            s -> s.first("SELECT sum(x) FROM t", row -> row.getLong(1)).orElse(0L));
    writer.close();
    assertThat(rows).isEqualTo(4);
  }

  private static void insert(GroupCommitWriter writer, int value) {
    writer.write(
        GroupCommitWriter.Durability.POWER_LOSS, s -> s.update("INSERT INTO t VALUES(?)", value));
  }

  private static void join(Thread... threads) {
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
