package io.slipway.registry.store.sqlite;

import io.slipway.registry.store.Digests;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.UploadId;
import io.slipway.registry.store.UploadIndex;
import io.slipway.registry.store.UploadRecord;
import io.slipway.registry.store.sqlite.GroupCommitWriter.Durability;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The table {@code upload}, in a file of its own. */
final class SqliteUploadIndex implements UploadIndex {
  private final GroupCommitWriter writer;
  private final ReaderPool readers;

  SqliteUploadIndex(GroupCommitWriter writer, ReaderPool readers) {
    this.writer = writer;
    this.readers = readers;
  }

  @Override
  public void save(UploadRecord upload) {
    writer.write(
        Durability.PROCESS_DEATH,
        session ->
            session.update(
                "INSERT INTO upload(id, repository, algorithm, last_active) VALUES(?, ?, ?, ?)"
                    + " ON CONFLICT(id) DO UPDATE SET last_active = excluded.last_active",
                upload.id().toString(),
                upload.repository().value(),
                upload.algorithm().label(),
                upload.lastActive().toEpochMilli()));
  }

  @Override
  public Optional<UploadRecord> find(UploadId id) {
    return readers.read(session ->
        session.first(
            "SELECT id, repository, algorithm, last_active FROM upload WHERE id = ?",
            SqliteUploadIndex::record,
            id.toString()));
  }

  @Override
  public void remove(UploadId id) {
    writer.write(
        Durability.PROCESS_DEATH,
        session -> session.update("DELETE FROM upload WHERE id = ?", id.toString()));
  }

  @Override
  public List<UploadRecord> idleSince(Instant before, int limit) {
    return readers.read(session ->
        session.query(
            "SELECT id, repository, algorithm, last_active FROM upload"
                + " WHERE last_active < ? ORDER BY last_active LIMIT ?",
            SqliteUploadIndex::record,
            before.toEpochMilli(),
            limit));
  }

  private static UploadRecord record(ResultSet row) throws SQLException {
    return new UploadRecord(
        new UploadId(UUID.fromString(row.getString(1))),
        new RepositoryName(row.getString(2)),
        Digests.algorithm(row.getString(3)),
        Instant.ofEpochMilli(row.getLong(4)));
  }
}
