package io.slipway.registry.store.sqlite;

import io.slipway.registry.store.Page;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.RepositoryUsage;
import io.slipway.registry.store.UsageIndex;
import io.slipway.registry.store.sqlite.GroupCommitWriter.Durability;
import java.util.List;

/** The counts of the table {@code repository}. */
final class SqliteUsageIndex implements UsageIndex {
  private final GroupCommitWriter writer;
  private final ReaderPool readers;
  private final QuotaCheck quotas;

  SqliteUsageIndex(GroupCommitWriter writer, ReaderPool readers, QuotaCheck quotas) {
    this.writer = writer;
    this.readers = readers;
    this.quotas = quotas;
  }

  @Override
  public List<RepositoryUsage> list(Page page) {
    return readers.read(session ->
        session.query(
            "SELECT name, tags, bytes FROM repository WHERE name > ? ORDER BY name LIMIT ?",
            row ->
                new RepositoryUsage(
                    new RepositoryName(row.getString(1)), row.getLong(2), row.getLong(3)),
            page.after(),
            page.limit()));
  }

  @Override
  public Totals totals() {
    return readers.read(session ->
        session
            .first(
                "SELECT (SELECT count(*) FROM repository), count(*), coalesce(sum(size), 0),"
                    + " coalesce(sum(damaged), 0) FROM content",
                row -> new Totals(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)))
            .orElseThrow());
  }

  @Override
  public void requireRoom(RepositoryName repository, long bytes) {
    if (quotas.isAbout(repository)) {
      readers.read(session -> {
        quotas.requireRoom(session, repository, bytes);
        return null;
      });
    }
  }

  @Override
  public boolean recount(RepositoryName repository) {
    return writer.write(
        Durability.POWER_LOSS,
        session ->
            session.update(
                    "UPDATE repository SET bytes = %s, tags = %s WHERE name = ? AND (bytes <> %s OR tags <> %s)"
                        .formatted(
                            SqliteSchema.bytesOf("repository.id"),
                            SqliteSchema.TAGS,
                            SqliteSchema.bytesOf("repository.id"),
                            SqliteSchema.TAGS),
                    repository.value())
                == 0);
  }
}
