package io.slipway.registry.store.sqlite;

import io.slipway.registry.store.Digests;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.UploadId;
import io.slipway.registry.store.UploadIndex;
import io.slipway.registry.store.UploadRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The table {@code upload}, in a file of its own that is never synced. A write is a few
 * microseconds, so it is done by the calling thread under a lock: handing it to another thread
 * would cost more. Removals wait for the next write and share its transaction.
 */
final class SqliteUploadIndex implements UploadIndex, AutoCloseable {
  private final SqliteSession writer;
  private final ReaderPool readers;
  private final ReentrantLock writing = new ReentrantLock();
  private final Set<UploadId> removed = ConcurrentHashMap.newKeySet();
  private boolean closed;

  /** Takes ownership of both. */
  SqliteUploadIndex(SqliteSession writer, ReaderPool readers) throws SQLException {
    this.writer = writer;
    this.readers = readers;
    writer.execute("PRAGMA synchronous=NORMAL");
  }

  @Override
  public void save(UploadRecord upload) {
    write(() ->
        writer.update(
            "INSERT INTO upload(id, repository, algorithm, last_active) VALUES(?, ?, ?, ?)"
                + " ON CONFLICT(id) DO UPDATE SET last_active = excluded.last_active",
            upload.id().toString(),
            upload.repository().value(),
            upload.algorithm().label(),
            upload.lastActive().toEpochMilli()));
  }

  @Override
  public Optional<UploadRecord> find(UploadId id) {
    if (removed.contains(id)) {
      return Optional.empty();
    }
    return readers.read(session ->
        session.first(
            "SELECT id, repository, algorithm, last_active FROM upload WHERE id = ?",
            SqliteUploadIndex::record,
            id.toString()));
  }

  @Override
  public void remove(UploadId id) {
    removed.add(id);
  }

  @Override
  public List<UploadRecord> idleSince(Instant before, int limit) {
    write(() -> 0);
    return readers.read(session ->
        session.query(
            "SELECT id, repository, algorithm, last_active FROM upload"
                + " WHERE last_active < ? ORDER BY last_active LIMIT ?",
            SqliteUploadIndex::record,
            before.toEpochMilli(),
            limit));
  }

  private interface Statement {
    int run() throws SQLException;
  }

  /** Runs the statement and the removals that wait, all or nothing. */
  private void write(Statement statement) {
    writing.lock();
    try {
      if (closed) {
        throw GroupCommitWriter.closedFailure();
      }
      List<UploadId> ended = List.copyOf(removed);
      writer.execute("BEGIN IMMEDIATE");
      try {
        for (UploadId id : ended) {
          writer.update("DELETE FROM upload WHERE id = ?", id.toString());
        }
        statement.run();
        writer.execute("COMMIT");
      } catch (SQLException e) {
        writer.rollback(e);
        throw e;
      }
      ended.forEach(removed::remove);
    } catch (SQLException e) {
      throw SqliteFailures.of(e);
    } finally {
      writing.unlock();
    }
  }

  private static UploadRecord record(ResultSet row) throws SQLException {
    return new UploadRecord(
        new UploadId(UUID.fromString(row.getString(1))),
        new RepositoryName(row.getString(2)),
        Digests.algorithm(row.getString(3)),
        Instant.ofEpochMilli(row.getLong(4)));
  }

  @Override
  public void close() {
    writing.lock();
    try {
      if (!closed) {
        write(() -> 0);
        closed = true;
        writer.close();
        readers.close();
      }
    } catch (SQLException e) {
      throw SqliteFailures.of(e);
    } finally {
      writing.unlock();
    }
  }
}
