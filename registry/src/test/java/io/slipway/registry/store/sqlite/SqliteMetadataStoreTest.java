package io.slipway.registry.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.registry.store.BlobRecord;
import io.slipway.registry.store.MetadataStore;
import io.slipway.registry.store.MetadataStoreContract;
import io.slipway.registry.store.RepositoryName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
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

  /** What a power failure leaves of the log: whatever its length, it opens with whole changes. */
  @Test
  void aTornLogIsReadUpToItsLastWholeChange() throws Exception {
    RepositoryName repository = new RepositoryName("a");
    Path live = Files.createDirectory(folder.resolve("live"));
    int changes = 20;
    byte[] file;
    byte[] log;
    try (MetadataStore store = SqliteMetadataStore.open(live)) {
      for (int i = 0; i < changes; i++) {
        BlobRecord blob = new BlobRecord(Digest.of(new byte[] {(byte) i}), i);
        store.blobs().link(repository, blob, Instant.ofEpochSecond(i));
      }
      file = Files.readAllBytes(live.resolve("metadata.db"));
      log = Files.readAllBytes(live.resolve("metadata.db-wal"));
    }
    int before = 0;
    for (int part = 0; part <= 16; part++) {
      Path torn = Files.createDirectory(folder.resolve("torn" + part));
      Files.write(torn.resolve("metadata.db"), file);
      Files.write(
          torn.resolve("metadata.db-wal"),
          Arrays.copyOf(log, (int) (log.length * (long) part / 16)));
      try (MetadataStore store = SqliteMetadataStore.open(torn)) {
        int found = 0;
        for (int i = 0; i < changes; i++) {
          boolean there =
              store.blobs().find(repository, Digest.of(new byte[] {(byte) i})).isPresent();
          assertThat(there && found < i).as("a change without the one before").isFalse();
          found += there ? 1 : 0;
        }
        assertThat(found).as("part " + part).isGreaterThanOrEqualTo(before);
        before = found;
        BlobRecord next = new BlobRecord(Digest.of(new byte[2]), 2);
        store.blobs().link(repository, next, Instant.EPOCH);
        assertThat(store.blobs().find(repository, next.digest())).contains(next);
      }
    }
    assertThat(before).isEqualTo(changes);
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
