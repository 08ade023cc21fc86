package io.slipway.registry.store.sqlite;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * The tables. Digests are kept as text so that the files can be read with any SQLite tool. Times
 * are milliseconds since 1970. What follows from other rows (counts, what is up for review, what
 * nobody holds) is kept by triggers, so that no statement can forget it; only deletes of tags,
 * which come by the thousand, are counted by {@link SqliteTagIndex#deleted}.
 */
final class SqliteSchema {
  private static final int VERSION = 4;

  /** Format 1. What a file of a later format needs beside it is in {@link #SINCE_2}. */
  static final List<String> FORMAT_1 =
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
          "CREATE TABLE reference(parent INTEGER NOT NULL, child TEXT NOT NULL,"
              + " kind TEXT NOT NULL, PRIMARY KEY(parent, child, kind)) WITHOUT ROWID",
          "CREATE INDEX reference_child ON reference(child)",
          "CREATE TABLE tag(repository INTEGER NOT NULL, name TEXT NOT NULL,"
              + " content INTEGER NOT NULL, updated INTEGER NOT NULL,"
              + " PRIMARY KEY(repository, name)) WITHOUT ROWID",
          "CREATE INDEX tag_content ON tag(repository, content)");

  /** The number of tags of a repository. */
  static final String TAGS = "(SELECT count(*) FROM tag WHERE tag.repository = repository.id)";

  private static final String FREED =
      " INSERT OR IGNORE INTO unheld(content) SELECT OLD.content"
          + " WHERE NOT EXISTS(SELECT 1 FROM blob_link WHERE content = OLD.content)"
          + " AND NOT EXISTS(SELECT 1 FROM manifest WHERE content = OLD.content);";

  private static final List<String> SINCE_2 =
      List.of(
          // changes counts what may have made something unneeded, reviewed is its value when
          // nothing unneeded was left; tags and bytes (of all distinct contents) are for quotas
          "ALTER TABLE repository ADD COLUMN changes INTEGER NOT NULL DEFAULT 1",
          "ALTER TABLE repository ADD COLUMN reviewed INTEGER NOT NULL DEFAULT 0",
          "ALTER TABLE repository ADD COLUMN tags INTEGER NOT NULL DEFAULT 0",
          "ALTER TABLE repository ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0",
          "CREATE INDEX repository_unreviewed ON repository(name) WHERE changes <> reviewed",
          "ALTER TABLE content ADD COLUMN damaged INTEGER NOT NULL DEFAULT 0",
          "ALTER TABLE manifest ADD COLUMN pulled INTEGER NOT NULL DEFAULT 0",
          "CREATE TABLE unheld(content INTEGER PRIMARY KEY)",
          "CREATE TABLE property(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
          // what a manifest names, once per repository that has it: whether a repository needs a
          // blob is then one look-up, however many others need it too
          "ALTER TABLE reference RENAME TO reference_1",
          "DROP INDEX reference_child",
          "CREATE TABLE reference(repository INTEGER NOT NULL, parent INTEGER NOT NULL,"
              + " child TEXT NOT NULL, kind TEXT NOT NULL,"
              + " PRIMARY KEY(repository, parent, child, kind)) WITHOUT ROWID",
          "INSERT INTO reference SELECT m.repository, r.parent, r.child, r.kind"
              + " FROM reference_1 r JOIN manifest m ON m.content = r.parent",
          "DROP TABLE reference_1",
          "CREATE INDEX reference_child ON reference(repository, child)",
          "UPDATE repository SET tags = " + TAGS,
          "UPDATE repository SET bytes = " + bytesOf("repository.id"),
          "INSERT INTO unheld SELECT id FROM content c"
              + " WHERE NOT EXISTS(SELECT 1 FROM blob_link WHERE content = c.id)"
              + " AND NOT EXISTS(SELECT 1 FROM manifest WHERE content = c.id)",
          added("blob_link"),
          removed("blob_link", ""),
          added("manifest"),
          removed(
              "manifest",
              " DELETE FROM reference WHERE repository = OLD.repository AND parent = OLD.content;"),
          "CREATE TRIGGER tag_added AFTER INSERT ON tag BEGIN"
              + " UPDATE repository SET tags = tags + 1 WHERE id = NEW.repository; END",
          "CREATE TRIGGER tag_removed AFTER DELETE ON tag BEGIN"
              + " UPDATE repository SET tags = tags - 1, changes = changes + 1"
              + " WHERE id = OLD.repository; END",
          "CREATE TRIGGER tag_moved AFTER UPDATE OF content ON tag"
              + " WHEN NEW.content <> OLD.content BEGIN"
              + " UPDATE repository SET changes = changes + 1 WHERE id = OLD.repository; END");

  private static final List<String> SINCE_3 =
      List.of(
          // when the bytes were last known to be good
          "ALTER TABLE content ADD COLUMN verified INTEGER NOT NULL DEFAULT 0");

  private static final List<String> SINCE_4 =
      List.of(
          // a manifest may have a thousand tags: whoever deletes tags counts them once for all
          "DROP TRIGGER tag_removed");

  private static final List<String> UPLOADS =
      List.of(
          "CREATE TABLE upload(id TEXT PRIMARY KEY, repository TEXT NOT NULL,"
              + " algorithm TEXT NOT NULL, last_active INTEGER NOT NULL) WITHOUT ROWID",
          "CREATE INDEX upload_last_active ON upload(last_active)");

  private SqliteSchema() {}

  /** The size of all contents of a repository, blobs and manifests, as an SQL expression. */
  static String bytesOf(String repository) {
    return "coalesce((SELECT sum(c.size) FROM content c WHERE c.id IN"
        + " (SELECT content FROM blob_link WHERE repository = %1$s UNION".formatted(repository)
        + " SELECT content FROM manifest WHERE repository = %1$s)), 0)".formatted(repository);
  }

  /** Content counts once, also when a repository has it both as a blob and as a manifest. */
  private static String unlessAlso(String table, String row) {
    String other = table.equals("manifest") ? "blob_link" : "manifest";
    return "CASE WHEN EXISTS(SELECT 1 FROM %s WHERE repository = %s.repository AND content = %s.content)"
            .formatted(other, row, row)
        + " THEN 0 ELSE (SELECT size FROM content WHERE id = %s.content) END".formatted(row);
  }

  private static String added(String table) {
    return "CREATE TRIGGER %1$s_added AFTER INSERT ON %1$s BEGIN".formatted(table)
        + " UPDATE repository SET changes = changes + 1, bytes = bytes + "
        + unlessAlso(table, "NEW")
        + " WHERE id = NEW.repository;"
        + " DELETE FROM unheld WHERE content = NEW.content; END";
  }

  private static String removed(String table, String also) {
    return "CREATE TRIGGER %1$s_removed AFTER DELETE ON %1$s BEGIN".formatted(table)
        + " UPDATE repository SET changes = changes + 1, bytes = bytes - "
        + unlessAlso(table, "OLD")
        + " WHERE id = OLD.repository;"
        + also
        + FREED
        + " END";
  }

  static void createMetadata(SqliteSession session, Path file) throws SQLException {
    create(session, file, List.of(FORMAT_1, SINCE_2, SINCE_3, SINCE_4));
  }

  static void createUploads(SqliteSession session, Path file) throws SQLException {
    create(session, file, List.of(UPLOADS, List.of(), List.of(), List.of()));
  }

  /** Brings a file to the present format, from nothing or from an earlier one. */
  private static void create(SqliteSession session, Path file, List<List<String>> formats)
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
    for (List<String> statements : formats.subList(version, VERSION)) {
      for (String statement : statements) {
        session.execute(statement);
      }
    }
    session.execute("PRAGMA user_version=" + VERSION);
    session.execute("COMMIT");
  }
}
