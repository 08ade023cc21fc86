package io.slipway.registry.store.sqlite;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * The tables. Digests are kept as text so that the files can be read with any SQLite tool. Times
 * are milliseconds since 1970.
 */
final class SqliteSchema {
  private static final int VERSION = 1;

  private static final List<String> METADATA =
      List.of(
          "CREATE TABLE repository(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
          "CREATE TABLE content(id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE,"
              + " size INTEGER NOT NULL, last_use INTEGER NOT NULL)",
          "CREATE TABLE blob_link(repository INTEGER NOT NULL, content INTEGER NOT NULL,"
              + " linked INTEGER NOT NULL, PRIMARY KEY(repository, content)) WITHOUT ROWID",
          "CREATE INDEX blob_link_content ON blob_link(content)",
          "CREATE TABLE manifest(repository INTEGER NOT NULL, content INTEGER NOT NULL,"
              + " media_type TEXT NOT NULL, artifact_type TEXT NOT NULL, subject TEXT,"
              + " annotations TEXT NOT NULL, pushed INTEGER NOT NULL,"
              + " PRIMARY KEY(repository, content)) WITHOUT ROWID",
          "CREATE INDEX manifest_content ON manifest(content)",
          "CREATE INDEX manifest_subject ON manifest(repository, subject)"
              + " WHERE subject IS NOT NULL",
          // what a manifest names depends on its bytes alone, so it is kept once for all
          // repositories
          "CREATE TABLE reference(parent INTEGER NOT NULL, child TEXT NOT NULL,"
              + " kind TEXT NOT NULL, PRIMARY KEY(parent, child, kind)) WITHOUT ROWID",
          "CREATE INDEX reference_child ON reference(child)",
          "CREATE TABLE tag(repository INTEGER NOT NULL, name TEXT NOT NULL,"
              + " content INTEGER NOT NULL, updated INTEGER NOT NULL,"
              + " PRIMARY KEY(repository, name)) WITHOUT ROWID",
          "CREATE INDEX tag_content ON tag(repository, content)");

  private static final List<String> UPLOADS =
      List.of(
          "CREATE TABLE upload(id TEXT PRIMARY KEY, repository TEXT NOT NULL,"
              + " algorithm TEXT NOT NULL, last_active INTEGER NOT NULL) WITHOUT ROWID",
          "CREATE INDEX upload_last_active ON upload(last_active)");

  private SqliteSchema() {}

  static void createMetadata(SqliteSession session, Path file) throws SQLException {
    create(session, file, METADATA);
  }

  static void createUploads(SqliteSession session, Path file) throws SQLException {
    create(session, file, UPLOADS);
  }

  private static void create(SqliteSession session, Path file, List<String> statements)
      throws SQLException {
    int version = session.first("PRAGMA user_version", row -> row.getInt(1)).orElse(0);
    if (version > VERSION) {
      throw new SlipwayException(
          ErrorKind.UNSUPPORTED,
          file + " was written by a newer slipway (format " + version + ", known " + VERSION + ")");
    }
    if (version == VERSION) {
      return;
    }
    session.execute("BEGIN IMMEDIATE");
    for (String statement : statements) {
      session.execute(statement);
    }
    session.execute("PRAGMA user_version=" + VERSION);
    session.execute("COMMIT");
  }
}
