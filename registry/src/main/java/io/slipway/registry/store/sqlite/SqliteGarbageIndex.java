package io.slipway.registry.store.sqlite;

import io.slipway.image.model.Digest;
import io.slipway.image.model.MediaTypes;
import io.slipway.registry.store.BlobRecord;
import io.slipway.registry.store.GarbageIndex;
import io.slipway.registry.store.GarbagePage;
import io.slipway.registry.store.Keepers;
import io.slipway.registry.store.Page;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.sqlite.GroupCommitWriter.Durability;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What repositories hold in vain, asked of the same tables as everything else. */
final class SqliteGarbageIndex implements GarbageIndex {

  /**
   * Holds for a row t of tag that keeps its manifest m: not one that lists the referrers of a
   * subject which the repository lacks. Only an index may be such a list: people name images by
   * digests too.
   */
  private static final String TAG_COUNTS =
      " NOT (m.media_type = '"
          + MediaTypes.OCI_INDEX
          + "' AND length(t.name) = 71 AND t.name GLOB 'sha256-[0-9a-f]*' AND NOT EXISTS("
          + "SELECT 1 FROM content s JOIN manifest sm ON sm.content = s.id"
          + " AND sm.repository = m.repository WHERE s.digest = 'sha256:' || substr(t.name, 8)))";

  private static final String TAGGED =
      "EXISTS(SELECT 1 FROM tag t WHERE t.repository = m.repository AND t.content = m.content AND"
          + TAG_COUNTS
          + ")";

  private static final String MANIFEST_NEEDED =
      TAGGED
          + " OR EXISTS(SELECT 1 FROM reference f WHERE f.repository = m.repository"
          + " AND f.child = c.digest AND f.kind = 'CHILD')"
          + " OR (m.subject IS NOT NULL AND EXISTS(SELECT 1 FROM content s JOIN manifest sm"
          + " ON sm.content = s.id AND sm.repository = m.repository WHERE s.digest = m.subject))";

  private static final String BLOB_NEEDED =
      "EXISTS(SELECT 1 FROM reference f WHERE f.repository = m.repository"
          + " AND f.child = c.digest AND f.kind IN ('CONFIG', 'LAYER'))";

  private final GroupCommitWriter writer;
  private final ReaderPool readers;

  SqliteGarbageIndex(GroupCommitWriter writer, ReaderPool readers) {
    this.writer = writer;
    this.readers = readers;
  }

  private record Held(long id, BlobRecord content, Instant lastUse, boolean needed) {
    static Held read(ResultSet row) throws SQLException {
      return new Held(
          row.getLong(1),
          new BlobRecord(Digest.parse(row.getString(2)), row.getLong(3)),
          Instant.ofEpochMilli(row.getLong(4)),
          row.getBoolean(5));
    }
  }

  private static String held(Kind kind) {
    return switch (kind) {
      case MANIFEST ->
          "SELECT m.content, c.digest, c.size, max(c.last_use, m.pushed), %s FROM manifest m"
                  .formatted(MANIFEST_NEEDED)
              + " JOIN content c ON c.id = m.content";
      case BLOB ->
          "SELECT m.content, c.digest, c.size, max(c.last_use, m.linked), %s FROM blob_link m"
                  .formatted(BLOB_NEEDED)
              + " JOIN content c ON c.id = m.content";
    };
  }

  static long position(String cursor) {
    return cursor.isEmpty() ? Long.MIN_VALUE : Long.parseLong(cursor);
  }

  @Override
  public List<RepositoryName> unreviewed(Page page) {
    return readers.read(session ->
        session.query(
            "SELECT name FROM repository WHERE changes <> reviewed AND name > ?"
                + " ORDER BY name LIMIT ?",
            row -> new RepositoryName(row.getString(1)),
            page.after(),
            page.limit()));
  }

  @Override
  public long changes(RepositoryName repository) {
    return readers.read(session ->
        session
            .first(
                "SELECT changes FROM repository WHERE name = ?",
                row -> row.getLong(1),
                repository.value())
            .orElse(0L));
  }

  @Override
  public void reviewed(RepositoryName repository, long changes) {
    writer.write(
        Durability.PROCESS_DEATH,
        session ->
            session.update(
                "UPDATE repository SET reviewed = ? WHERE name = ?", changes, repository.value()));
  }

  @Override
  public GarbagePage unneeded(
      RepositoryName repository, Kind kind, Instant untouchedSince, String cursor, int limit) {
    List<Held> rows =
        readers.read(session ->
            session.query(
                held(kind)
                    + " WHERE m.repository = (SELECT id FROM repository WHERE name = ?)"
                    + " AND m.content > ? ORDER BY m.content LIMIT ?",
                Held::read,
                repository.value(),
                position(cursor),
                limit));
    List<BlobRecord> unneeded = new ArrayList<>();
    boolean young = false;
    for (Held row : rows) {
      if (!row.needed() && row.lastUse().isBefore(untouchedSince)) {
        unneeded.add(row.content());
      } else {
        young |= !row.needed();
      }
    }
    String next = rows.size() < limit ? "" : Long.toString(rows.getLast().id());
    return new GarbagePage(unneeded, young, next);
  }

  @Override
  public List<Digest> drop(
      RepositoryName repository, Kind kind, Collection<Digest> digests, Instant untouchedSince) {
    return writer.write(
        Durability.POWER_LOSS,
        session -> {
          long owner = SqliteRepositoryIndex.id(session, repository);
          List<Digest> dropped = new ArrayList<>();
          for (Digest digest : digests) {
            boolean unneeded =
                session
                    .first(
                        held(kind) + " WHERE m.repository = ? AND c.digest = ?",
                        Held::read,
                        owner,
                        digest.toString())
                    .filter(row -> !row.needed() && row.lastUse().isBefore(untouchedSince))
                    .isPresent();
            if (unneeded) {
              drop(session, owner, kind, digest);
              dropped.add(digest);
            }
          }
          return dropped;
        });
  }

  private static void drop(SqliteSession session, long repository, Kind kind, Digest digest)
      throws SQLException {
    long content =
        session
            .first("SELECT id FROM content WHERE digest = ?", r -> r.getLong(1), digest.toString())
            .orElseThrow();
    switch (kind) {
      case MANIFEST -> SqliteManifestIndex.delete(session, repository, content);
      case BLOB ->
          session.update(
              "DELETE FROM blob_link WHERE repository = ? AND content = ?", repository, content);
    }
  }

  @Override
  public Keepers keepers(RepositoryName repository, Kind kind, Digest digest) {
    return readers.read(session -> {
      long owner = SqliteRepositoryIndex.id(session, repository);
      String kinds = kind == Kind.MANIFEST ? "('CHILD')" : "('CONFIG', 'LAYER')";
      Set<Digest> manifests =
          new HashSet<>(
              session.query(
                  "SELECT p.digest FROM reference f JOIN content p ON p.id = f.parent"
                      + " WHERE f.repository = ? AND f.child = ? AND f.kind IN "
                      + kinds,
                  row -> Digest.parse(row.getString(1)),
                  owner,
                  digest.toString()));
      manifests.addAll(
          session.query(
              "SELECT s.digest FROM content c JOIN manifest m ON m.content = c.id"
                  + " JOIN content s ON s.digest = m.subject JOIN manifest sm"
                  + " ON sm.content = s.id AND sm.repository = m.repository"
                  + " WHERE c.digest = ? AND m.repository = ?",
              row -> Digest.parse(row.getString(1)),
              digest.toString(),
              owner));
      boolean tagged =
          session
              .first(
                  "SELECT 1 FROM manifest m JOIN content c ON c.id = m.content"
                      + " WHERE m.repository = ? AND c.digest = ? AND "
                      + TAGGED,
                  row -> true,
                  owner,
                  digest.toString())
              .orElse(false);
      return session
          .first(
              held(kind) + " WHERE m.repository = ? AND c.digest = ?",
              Held::read,
              owner,
              digest.toString())
          .map(row -> new Keepers(tagged, manifests, row.content().size(), row.lastUse()))
          .orElseGet(() -> new Keepers(false, Set.of(), 0, Instant.MAX));
    });
  }

  @Override
  public List<Digest> keptBy(RepositoryName repository, Digest manifest) {
    return readers.read(session ->
        session.query(
            "SELECT f.child FROM repository r JOIN content c JOIN reference f"
                + " ON f.repository = r.id AND f.parent = c.id AND f.kind <> 'SUBJECT'"
                + " WHERE r.name = ?1 AND c.digest = ?2 UNION"
                + " SELECT c.digest FROM repository r JOIN manifest m ON m.repository = r.id"
                + " JOIN content c ON c.id = m.content WHERE r.name = ?1 AND m.subject = ?2",
            row -> Digest.parse(row.getString(1)),
            repository.value(),
            manifest.toString()));
  }
}
