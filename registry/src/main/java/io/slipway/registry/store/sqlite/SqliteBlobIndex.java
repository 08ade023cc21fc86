package io.slipway.registry.store.sqlite;

import io.slipway.image.model.Digest;
import io.slipway.registry.store.BlobIndex;
import io.slipway.registry.store.BlobRecord;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.sqlite.GroupCommitWriter.Durability;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables {@code content} and {@code blob_link}. */
final class SqliteBlobIndex implements BlobIndex {
  private final GroupCommitWriter writer;
  private final ReaderPool readers;
  private final QuotaCheck quotas;

  SqliteBlobIndex(GroupCommitWriter writer, ReaderPool readers, QuotaCheck quotas) {
    this.quotas = quotas;
    this.writer = writer;
    this.readers = readers;
  }

  @Override
  public Optional<BlobRecord> find(RepositoryName repository, Digest digest) {
    return readers.read(session ->
        session.first(
            "SELECT c.size FROM repository r JOIN content c JOIN blob_link l"
                + " ON l.repository = r.id AND l.content = c.id"
                + " WHERE r.name = ? AND c.digest = ? AND c.damaged = 0",
            row -> new BlobRecord(digest, row.getLong(1)),
            repository.value(),
            digest.toString()));
  }

  @Override
  public void link(RepositoryName repository, BlobRecord blob, Instant when) {
    writer.write(
        Durability.POWER_LOSS,
        session ->
            quotas.within(
                session,
                repository,
                () -> {
                  long owner = SqliteRepositoryIndex.idOrCreate(session, repository);
                  long content = contentId(session, blob.digest(), blob.size(), when);
                  return link(session, owner, content, when);
                }));
  }

  @Override
  public boolean mount(RepositoryName target, RepositoryName source, Digest digest, Instant when) {
    return writer.write(
        Durability.POWER_LOSS,
        session ->
            quotas.within(
                session,
                target,
                () -> {
                  Optional<Long> content =
                      session.first(
                          "SELECT c.id FROM repository r JOIN content c JOIN blob_link l"
                              + " ON l.repository = r.id AND l.content = c.id"
                              + " WHERE r.name = ? AND c.digest = ? AND c.damaged = 0",
                          row -> row.getLong(1),
                          source.value(),
                          digest.toString());
                  if (content.isEmpty()) {
                    return false;
                  }
                  session.update(
                      "UPDATE content SET last_use = max(last_use, ?) WHERE id = ?",
                      when.toEpochMilli(),
                      content.get());
                  link(
                      session,
                      SqliteRepositoryIndex.idOrCreate(session, target),
                      content.get(),
                      when);
                  return true;
                }));
  }

  private static int link(SqliteSession session, long repository, long content, Instant when)
      throws SQLException {
    return session.update(
        "INSERT OR IGNORE INTO blob_link(repository, content, linked) VALUES(?, ?, ?)",
        repository,
        content,
        when.toEpochMilli());
  }

  @Override
  public boolean unlink(RepositoryName repository, Digest digest) {
    return writer.write(
        Durability.POWER_LOSS,
        session ->
            session.update(
                    "DELETE FROM blob_link"
                        + " WHERE repository = (SELECT id FROM repository WHERE name = ?)"
                        + " AND content = (SELECT id FROM content WHERE digest = ?)",
                    repository.value(),
                    digest.toString())
                > 0);
  }

  @Override
  public List<RepositoryName> holders(Digest digest, int limit) {
    return readers.read(session ->
        session.query(
            "SELECT r.name FROM content c JOIN blob_link l ON l.content = c.id"
                + " JOIN repository r ON r.id = l.repository WHERE c.digest = ? LIMIT ?",
            row -> new RepositoryName(row.getString(1)),
            digest.toString(),
            limit));
  }

  @Override
  public void touch(Map<Digest, Instant> lastUse) {
    writer.write(
        Durability.PROCESS_DEATH,
        session -> {
          for (Map.Entry<Digest, Instant> use : lastUse.entrySet()) {
            long when = use.getValue().toEpochMilli();
            session.update(
                "UPDATE content SET last_use = ? WHERE digest = ? AND last_use < ?",
                when,
                use.getKey().toString(),
                when);
          }
          return null;
        });
  }

  /** Adds the content, whose bytes are good, if it is new, and notes its use. */
  static long contentId(SqliteSession session, Digest digest, long size, Instant when)
      throws SQLException {
    session.update(
        "INSERT INTO content(digest, size, last_use, verified) VALUES(?1, ?2, ?3, ?3)"
            + " ON CONFLICT(digest) DO UPDATE SET size = excluded.size, damaged = 0,"
            + " last_use = max(last_use, excluded.last_use), verified = excluded.verified",
        digest.toString(),
        size,
        when.toEpochMilli());
    return session
        .first("SELECT id FROM content WHERE digest = ?", r -> r.getLong(1), digest.toString())
        .orElseThrow();
  }
}
