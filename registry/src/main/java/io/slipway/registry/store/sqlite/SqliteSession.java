package io.slipway.registry.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sqlite.SQLiteConfig;

/**
 * One connection with its prepared statements, kept for its life. Not safe for use by two threads
 * at a time.
 */
final class SqliteSession implements AutoCloseable {
  private static final int BUSY_TIMEOUT_MILLIS = 10_000;

  /** A checkpoint blocks the writer for its fsyncs, so it comes every 16 MiB, not every 4. */
  private static final int CHECKPOINT_PAGES = 4_000;

  /** Reads one row. */
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  private SqliteSession(Connection connection) {
    this.connection = connection;
  }

  static SqliteSession open(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setPragma(SQLiteConfig.Pragma.MMAP_SIZE, "0");
    SqliteSession session = new SqliteSession(config.createConnection("jdbc:sqlite:" + file));
    session.execute("PRAGMA wal_autocheckpoint=" + CHECKPOINT_PAGES);
    return session;
  }

  /** Runs a statement without parameters or results. */
  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Ends a transaction that failed for {@code reason}. */
  void rollback(Exception reason) {
    try {
      execute("ROLLBACK");
    } catch (SQLException e) {
      // SQLite rolls back by itself on a full disk; then there is nothing left to end
      reason.addSuppressed(e);
    }
  }

  /** The number of rows changed. */
  int update(String sql, Object... arguments) throws SQLException {
    return bind(sql, arguments).executeUpdate();
  }

  <T> List<T> query(String sql, Row<T> reader, Object... arguments) throws SQLException {
    List<T> rows = new ArrayList<>();
    try (ResultSet result = bind(sql, arguments).executeQuery()) {
      while (result.next()) {
        rows.add(reader.read(result));
      }
    }
    return rows;
  }

  <T> Optional<T> first(String sql, Row<T> reader, Object... arguments) throws SQLException {
    try (ResultSet result = bind(sql, arguments).executeQuery()) {
      return result.next() ? Optional.of(reader.read(result)) : Optional.empty();
    }
  }

  private PreparedStatement bind(String sql, Object... arguments) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, arguments[i]);
    }
    return statement;
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : prepared.values()) {
      statement.close();
    }
    connection.close();
  }
}
