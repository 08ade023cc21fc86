package io.slipway.registry.store.sqlite;

import io.slipway.registry.store.Page;
import io.slipway.registry.store.RepositoryIndex;
import io.slipway.registry.store.RepositoryName;
import java.sql.SQLException;
import java.util.List;

/** The table {@code repository}. */
final class SqliteRepositoryIndex implements RepositoryIndex {
  private final ReaderPool readers;

  SqliteRepositoryIndex(ReaderPool readers) {
    this.readers = readers;
  }

  @Override
  public boolean exists(RepositoryName name) {
    return readers.read(session -> id(session, name) >= 0);
  }

  @Override
  public List<RepositoryName> list(Page page) {
    return readers.read(session ->
        session.query(
            "SELECT name FROM repository WHERE name > ? ORDER BY name LIMIT ?",
            row -> new RepositoryName(row.getString(1)),
            page.after(),
            page.limit()));
  }

  /** -1 when there is no such repository. */
  static long id(SqliteSession session, RepositoryName name) throws SQLException {
    return session
        .first("SELECT id FROM repository WHERE name = ?", row -> row.getLong(1), name.value())
        .orElse(-1L);
  }

  static long idOrCreate(SqliteSession session, RepositoryName name) throws SQLException {
    long known = id(session, name);
    if (known >= 0) {
      return known;
    }
    session.update("INSERT INTO repository(name) VALUES(?)", name.value());
    return id(session, name);
  }
}
