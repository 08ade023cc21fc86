package io.slipway.registry.store.sqlite;

import io.slipway.image.model.Digest;
import io.slipway.registry.store.Page;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.TagIndex;
import io.slipway.registry.store.TagRecord;
import io.slipway.registry.store.sqlite.GroupCommitWriter.Durability;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The table {@code tag}. */
final class SqliteTagIndex implements TagIndex {
  private final GroupCommitWriter writer;
  private final ReaderPool readers;

  SqliteTagIndex(GroupCommitWriter writer, ReaderPool readers) {
    this.writer = writer;
    this.readers = readers;
  }

  @Override
  public Optional<Digest> resolve(RepositoryName repository, String tag) {
    return readers.read(session ->
        session.first(
            "SELECT c.digest FROM repository r JOIN tag t ON t.repository = r.id"
                + " JOIN content c ON c.id = t.content WHERE r.name = ? AND t.name = ?",
            row -> Digest.parse(row.getString(1)),
            repository.value(),
            tag));
  }

  @Override
  public List<String> list(RepositoryName repository, Page page) {
    return readers.read(session ->
        session.query(
            "SELECT name FROM tag WHERE repository = (SELECT id FROM repository WHERE name = ?)"
                + " AND name > ? ORDER BY name LIMIT ?",
            row -> row.getString(1),
            repository.value(),
            page.after(),
            page.limit()));
  }

  @Override
  public boolean delete(RepositoryName repository, String tag) {
    return writer.write(
        Durability.POWER_LOSS,
        session -> {
          long owner = SqliteRepositoryIndex.id(session, repository);
          return deleted(
              session,
              owner,
              session.update("DELETE FROM tag WHERE name = ? AND repository = ?", tag, owner));
        });
  }

  @Override
  public List<TagRecord> records(RepositoryName repository, Page page) {
    return readers.read(session ->
        session.query(
            "SELECT t.name, c.digest, t.updated, coalesce(m.pulled, 0) FROM tag t"
                + " JOIN content c ON c.id = t.content LEFT JOIN manifest m"
                + " ON m.repository = t.repository AND m.content = t.content"
                + " WHERE t.repository = (SELECT id FROM repository WHERE name = ?)"
                + " AND t.name > ? ORDER BY t.name LIMIT ?",
            row ->
                new TagRecord(
                    row.getString(1),
                    Digest.parse(row.getString(2)),
                    Instant.ofEpochMilli(row.getLong(3)),
                    Instant.ofEpochMilli(row.getLong(4))),
            repository.value(),
            page.after(),
            page.limit()));
  }

  @Override
  public boolean delete(RepositoryName repository, TagRecord tag) {
    return writer.write(
        Durability.POWER_LOSS,
        session -> {
          long owner = SqliteRepositoryIndex.id(session, repository);
          return deleted(
              session,
              owner,
              session.update(
                  "DELETE FROM tag WHERE name = ? AND updated = ? AND repository = ?"
                      + " AND content = (SELECT id FROM content WHERE digest = ?)",
                  tag.name(),
                  tag.pushed().toEpochMilli(),
                  owner,
                  tag.manifest().toString()));
        });
  }

  @Override
  public List<String> naming(RepositoryName repository, Digest manifest) {
    return readers.read(session ->
        session.query(
            "SELECT t.name FROM tag t WHERE t.repository = (SELECT id FROM repository WHERE name ="
                + " ?) AND t.content = (SELECT id FROM content WHERE digest = ?) ORDER BY t.name",
            row -> row.getString(1),
            repository.value(),
            manifest.toString()));
  }

  static Optional<Digest> resolve(SqliteSession session, long repository, String tag)
      throws SQLException {
    return session.first(
        "SELECT c.digest FROM tag t JOIN content c ON c.id = t.content"
            + " WHERE t.repository = ? AND t.name = ?",
        row -> Digest.parse(row.getString(1)),
        repository,
        tag);
  }

  /** Counts tags that were deleted, and puts their repository up for review; false when none. */
  static boolean deleted(SqliteSession session, long repository, int count) throws SQLException {
    if (count > 0) {
      session.update(
          "UPDATE repository SET tags = tags - ?, changes = changes + 1 WHERE id = ?",
          count,
          repository);
    }
    return count > 0;
  }

  static void set(SqliteSession session, long repository, String tag, long content, Instant when)
      throws SQLException {
    // what a tag moves away from can be tagged again for a while
    session.update(
        "UPDATE content SET last_use = max(last_use, ?1) WHERE id ="
            + " (SELECT content FROM tag WHERE repository = ?2 AND name = ?3 AND content <> ?4)",
        when.toEpochMilli(),
        repository,
        tag,
        content);
    session.update(
        "INSERT INTO tag(repository, name, content, updated) VALUES(?, ?, ?, ?)"
            + " ON CONFLICT(repository, name)"
            + " DO UPDATE SET content = excluded.content, updated = excluded.updated",
        repository,
        tag,
        content,
        when.toEpochMilli());
  }
}
