package io.slipway.registry.store.sqlite;

import io.slipway.image.model.Digest;
import io.slipway.registry.store.BlobRecord;
import io.slipway.registry.store.ContentIndex;
import io.slipway.registry.store.ContentRecord;
import io.slipway.registry.store.GarbagePage;
import io.slipway.registry.store.Page;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.Verdict;
import io.slipway.registry.store.sqlite.GroupCommitWriter.Durability;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The tables {@code content} and {@code unheld}. */
final class SqliteContentIndex implements ContentIndex {
  private static final String COLUMNS =
      "SELECT digest, size, last_use, verified, damaged FROM content";

  private final GroupCommitWriter writer;
  private final ReaderPool readers;

  SqliteContentIndex(GroupCommitWriter writer, ReaderPool readers) {
    this.writer = writer;
    this.readers = readers;
  }

  @Override
  public Optional<ContentRecord> find(Digest digest) {
    return readers.read(session ->
        session.first(
            COLUMNS + " WHERE digest = ?", SqliteContentIndex::record, digest.toString()));
  }

  @Override
  public List<ContentRecord> list(Page page) {
    return readers.read(session ->
        session.query(
            COLUMNS + " WHERE digest > ? ORDER BY digest LIMIT ?",
            SqliteContentIndex::record,
            page.after(),
            page.limit()));
  }

  @Override
  public List<RepositoryName> holders(Digest digest, int limit) {
    return readers.read(session ->
        session.query(
            "SELECT name FROM repository WHERE id IN (SELECT l.repository FROM blob_link l"
                + " JOIN content c ON c.id = l.content WHERE c.digest = ?1 UNION"
                + " SELECT m.repository FROM manifest m JOIN content c ON c.id = m.content"
                + " WHERE c.digest = ?1 LIMIT ?2)",
            row -> new RepositoryName(row.getString(1)),
            digest.toString(),
            limit));
  }

  @Override
  public void judge(Collection<Verdict> verdicts) {
    boolean bad = verdicts.stream().anyMatch(Verdict::damaged);
    writer.write(
        bad ? Durability.POWER_LOSS : Durability.PROCESS_DEATH,
        session -> {
          for (Verdict verdict : verdicts) {
            String change = verdict.damaged() ? "damaged = 1" : "verified = max(verified, ?2)";
            session.update(
                "UPDATE content SET " + change + " WHERE digest = ?1 AND ?2 > 0",
                verdict.digest().toString(),
                verdict.when().toEpochMilli());
          }
          return null;
        });
  }

  @Override
  public GarbagePage unheld(String cursor, int limit) {
    record Row(long id, BlobRecord content) {}
    List<Row> rows =
        readers.read(session ->
            session.query(
                "SELECT u.content, c.digest, c.size FROM unheld u JOIN content c ON c.id ="
                    + " u.content WHERE u.content > ? ORDER BY u.content LIMIT ?",
                row ->
                    new Row(
                        row.getLong(1),
                        new BlobRecord(Digest.parse(row.getString(2)), row.getLong(3))),
                SqliteGarbageIndex.position(cursor),
                limit));
    String next = rows.size() < limit ? "" : Long.toString(rows.getLast().id());
    return new GarbagePage(rows.stream().map(Row::content).toList(), false, next);
  }

  @Override
  public Set<Digest> unheld(Collection<Digest> digests) {
    return readers.read(session -> {
      Set<Digest> free = new HashSet<>();
      for (Digest digest : digests) {
        boolean held =
            session
                .first(
                    "SELECT 1 FROM content c WHERE c.digest = ? AND"
                        + " (EXISTS(SELECT 1 FROM blob_link WHERE content = c.id)"
                        + " OR EXISTS(SELECT 1 FROM manifest WHERE content = c.id))",
                    row -> true,
                    digest.toString())
                .orElse(false);
        if (!held) {
          free.add(digest);
        }
      }
      return free;
    });
  }

  @Override
  public void forget(Collection<Digest> digests) {
    writer.write(
        Durability.PROCESS_DEATH,
        session -> {
          for (Digest digest : digests) {
            session.update(
                "DELETE FROM unheld WHERE content = (SELECT id FROM content WHERE digest = ?)",
                digest.toString());
            session.update(
                "DELETE FROM content WHERE digest = ?"
                    + " AND NOT EXISTS(SELECT 1 FROM blob_link WHERE content = content.id)"
                    + " AND NOT EXISTS(SELECT 1 FROM manifest WHERE content = content.id)",
                digest.toString());
          }
          return null;
        });
  }

  private static ContentRecord record(ResultSet row) throws SQLException {
    return new ContentRecord(
        Digest.parse(row.getString(1)),
        row.getLong(2),
        Instant.ofEpochMilli(row.getLong(3)),
        Instant.ofEpochMilli(row.getLong(4)),
        row.getBoolean(5));
  }
}
