package io.slipway.registry.store.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** A few reading connections, lent for one read each. */
final class ReaderPool implements AutoCloseable {

  /** A read; sees one consistent state of the database per statement. */
  interface Read<T> {
    T apply(SqliteSession session) throws SQLException;
  }

  private final List<SqliteSession> all;
  private final BlockingQueue<SqliteSession> idle;

  /** Takes ownership of {@code sessions}. */
  ReaderPool(List<SqliteSession> sessions) {
    this.all = List.copyOf(sessions);
    this.idle = new ArrayBlockingQueue<>(sessions.size(), false, sessions);
  }

  <T> T read(Read<T> read) {
    SqliteSession session = borrow();
    try {
      return read.apply(session);
    } catch (SQLException e) {
      throw SqliteFailures.of(e);
    } finally {
      idle.add(session);
    }
  }

  private SqliteSession borrow() {
    boolean interrupted = false;
    while (true) {
      try {
        SqliteSession session = idle.take();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        return session;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
  }

  /** Waits for reads under way. */
  @Override
  public void close() {
    List<SQLException> failures = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      try {
        borrow().close();
      } catch (SQLException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw SqliteFailures.of(failures.getFirst());
    }
  }
}
