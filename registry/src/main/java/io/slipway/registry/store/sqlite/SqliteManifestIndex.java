package io.slipway.registry.store.sqlite;

import io.slipway.image.model.Digest;
import io.slipway.registry.store.ContentReference;
import io.slipway.registry.store.ErrorCode;
import io.slipway.registry.store.ManifestIndex;
import io.slipway.registry.store.ManifestName;
import io.slipway.registry.store.ManifestPut;
import io.slipway.registry.store.ManifestRecord;
import io.slipway.registry.store.Page;
import io.slipway.registry.store.RegistryFault;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.sqlite.GroupCommitWriter.Durability;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables {@code manifest} and {@code reference}. */
final class SqliteManifestIndex implements ManifestIndex {
  private static final int PRECONDITION_FAILED = 412;
  private static final String COLUMNS =
      "SELECT c.digest, m.media_type, c.size, m.artifact_type, m.subject, m.annotations"
          + " FROM manifest m JOIN content c ON c.id = m.content";

  private final GroupCommitWriter writer;
  private final ReaderPool readers;
  private final QuotaCheck quotas;

  SqliteManifestIndex(GroupCommitWriter writer, ReaderPool readers, QuotaCheck quotas) {
    this.quotas = quotas;
    this.writer = writer;
    this.readers = readers;
  }

  @Override
  public Optional<ManifestRecord> find(RepositoryName repository, Digest digest) {
    return readers.read(session ->
        session.first(
            COLUMNS
                + " WHERE m.repository = (SELECT id FROM repository WHERE name = ?)"
                + " AND c.digest = ? AND c.damaged = 0",
            SqliteManifestIndex::record,
            repository.value(),
            digest.toString()));
  }

  @Override
  public void put(ManifestPut put) {
    writer.write(
        Durability.POWER_LOSS,
        session ->
            quotas.within(
                session,
                put.repository(),
                () -> {
                  long repository = SqliteRepositoryIndex.idOrCreate(session, put.repository());
                  for (ContentReference reference : put.references()) {
                    requirePresent(session, repository, reference);
                  }
                  for (String tag : put.tags()) {
                    requireCondition(session, repository, tag, put);
                  }
                  record(session, repository, put);
                  return null;
                }));
  }

  @Override
  public boolean delete(RepositoryName repository, Digest digest) {
    return writer.write(
        Durability.POWER_LOSS,
        session -> {
          long owner = SqliteRepositoryIndex.id(session, repository);
          Optional<Long> content =
              session.first(
                  "SELECT id FROM content WHERE digest = ?",
                  row -> row.getLong(1),
                  digest.toString());
          if (content.isEmpty()) {
            return false;
          }
          return delete(session, owner, content.get());
        });
  }

  /** Removes manifest and tags; a trigger takes its references along. */
  static boolean delete(SqliteSession session, long repository, long content) throws SQLException {
    SqliteTagIndex.deleted(
        session,
        repository,
        session.update(
            "DELETE FROM tag WHERE repository = ? AND content = ?", repository, content));
    return session.update(
            "DELETE FROM manifest WHERE repository = ? AND content = ?", repository, content)
        > 0;
  }

  @Override
  public void pulled(Map<ManifestName, Instant> lastPull) {
    writer.write(
        Durability.PROCESS_DEATH,
        session -> {
          for (Map.Entry<ManifestName, Instant> pull : lastPull.entrySet()) {
            long when = pull.getValue().toEpochMilli();
            session.update(
                "UPDATE manifest SET pulled = ?1"
                    + " WHERE repository = (SELECT id FROM repository WHERE name = ?2)"
                    + " AND content = (SELECT id FROM content WHERE digest = ?3) AND pulled < ?1",
                when,
                pull.getKey().repository().value(),
                pull.getKey().digest().toString());
          }
          return null;
        });
  }

  @Override
  public List<ManifestRecord> referrers(
      RepositoryName repository, Digest subject, String artifactType, Page page) {
    return readers.read(session ->
        session.query(
            COLUMNS
                + " WHERE m.repository = (SELECT id FROM repository WHERE name = ?)"
                + " AND m.subject = ? AND (? = '' OR m.artifact_type = ?)"
                + " AND c.damaged = 0 AND c.digest > ? ORDER BY c.digest LIMIT ?",
            SqliteManifestIndex::record,
            repository.value(),
            subject.toString(),
            artifactType,
            artifactType,
            page.after(),
            page.limit()));
  }

  @Override
  public List<ManifestRecord> list(RepositoryName repository, Page page) {
    return readers.read(session ->
        session.query(
            COLUMNS
                + " WHERE m.repository = (SELECT id FROM repository WHERE name = ?)"
                + " AND c.digest > ? ORDER BY c.digest LIMIT ?",
            SqliteManifestIndex::record,
            repository.value(),
            page.after(),
            page.limit()));
  }

  private static void requirePresent(
      SqliteSession session, long repository, ContentReference reference) throws SQLException {
    if (!reference.required()) {
      return;
    }
    String table = reference.kind() == ContentReference.Kind.CHILD ? "manifest" : "blob_link";
    boolean present =
        session
            .first(
                "SELECT 1 FROM content c JOIN "
                    + table
                    + " h ON h.content = c.id"
                    + " WHERE c.digest = ? AND h.repository = ? AND c.damaged = 0",
                row -> true,
                reference.digest().toString(),
                repository)
            .orElse(false);
    if (!present) {
      throw RegistryFault.of(
          ErrorCode.MANIFEST_BLOB_UNKNOWN,
          "the manifest names content that the repository does not hold",
          reference.digest().toString());
    }
  }

  private static void requireCondition(
      SqliteSession session, long repository, String tag, ManifestPut put) throws SQLException {
    Optional<Digest> present = SqliteTagIndex.resolve(session, repository, tag);
    if (put.immutable().contains(tag)
        && present.filter(digest -> !digest.equals(put.manifest().digest())).isPresent()) {
      throw RegistryFault.of(ErrorCode.DENIED, "tag " + tag + " is immutable", tag);
    }
    if (!put.condition().holds(present)) {
      throw RegistryFault.withStatus(
          ErrorCode.DENIED,
          PRECONDITION_FAILED,
          "tag " + tag + " does not meet the condition of the request");
    }
  }

  private static void record(SqliteSession session, long repository, ManifestPut put)
      throws SQLException {
    ManifestRecord manifest = put.manifest();
    long content =
        SqliteBlobIndex.contentId(session, manifest.digest(), manifest.size(), put.when());
    session.update(
        "INSERT INTO manifest(repository, content, media_type, artifact_type, subject, annotations,"
            + " pushed) VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT(repository, content)"
            + " DO UPDATE SET media_type = excluded.media_type, pushed = excluded.pushed",
        repository,
        content,
        manifest.mediaType(),
        manifest.artifactType(),
        manifest.subject().map(Digest::toString).orElse(null),
        AnnotationText.write(manifest.annotations()),
        put.when().toEpochMilli());
    for (ContentReference reference : put.references()) {
      session.update(
          "INSERT OR IGNORE INTO reference(repository, parent, child, kind) VALUES(?, ?, ?, ?)",
          repository,
          content,
          reference.digest().toString(),
          reference.kind().name());
    }
    for (String tag : put.tags()) {
      SqliteTagIndex.set(session, repository, tag, content, put.when());
    }
  }

  private static ManifestRecord record(ResultSet row) throws SQLException {
    return new ManifestRecord(
        Digest.parse(row.getString(1)),
        row.getString(2),
        row.getLong(3),
        row.getString(4),
        Optional.ofNullable(row.getString(5)).map(Digest::parse),
        AnnotationText.read(row.getString(6)));
  }
}
