package io.slipway.registry.store.sqlite;

import io.slipway.registry.config.Quota;
import io.slipway.registry.store.BlobIndex;
import io.slipway.registry.store.ContentIndex;
import io.slipway.registry.store.GarbageIndex;
import io.slipway.registry.store.GenerationMark;
import io.slipway.registry.store.ManifestIndex;
import io.slipway.registry.store.MetadataStore;
import io.slipway.registry.store.RepositoryIndex;
import io.slipway.registry.store.TagIndex;
import io.slipway.registry.store.UpkeepIndexes;
import io.slipway.registry.store.UploadIndex;
import io.slipway.registry.store.UsageIndex;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** {@link MetadataStore} in two SQLite files of one folder, for one process at a time. */
public final class SqliteMetadataStore implements MetadataStore {
  private static final int READERS = 4;

  private final GroupCommitWriter metadataWriter;
  private final ReaderPool metadataReaders;
  private final RepositoryIndex repositories;
  private final BlobIndex blobs;
  private final ManifestIndex manifests;
  private final TagIndex tags;
  private final SqliteUploadIndex uploads;
  private final UpkeepIndexes upkeep;

  private SqliteMetadataStore(Path metadata, Path uploadFile, QuotaCheck quotas)
      throws SQLException {
    SqliteSession metadataSession = SqliteSession.open(metadata);
    SqliteSchema.createMetadata(metadataSession, metadata);
    SqliteSession uploadSession = SqliteSession.open(uploadFile);
    SqliteSchema.createUploads(uploadSession, uploadFile);
    metadataReaders = new ReaderPool(sessions(metadata, READERS));
    metadataWriter = new GroupCommitWriter("registry-metadata", metadataSession).start();
    repositories = new SqliteRepositoryIndex(metadataReaders);
    blobs = new SqliteBlobIndex(metadataWriter, metadataReaders, quotas);
    manifests = new SqliteManifestIndex(metadataWriter, metadataReaders, quotas);
    tags = new SqliteTagIndex(metadataWriter, metadataReaders);
    upkeep =
        new Upkeep(
            new SqliteContentIndex(metadataWriter, metadataReaders),
            new SqliteGarbageIndex(metadataWriter, metadataReaders),
            new SqliteUsageIndex(metadataWriter, metadataReaders, quotas),
            new SqliteGenerationMark(metadataWriter, metadataReaders));
    uploads = new SqliteUploadIndex(uploadSession, new ReaderPool(sessions(uploadFile, 1)));
  }

  /** Opens the store in {@code folder}, which exists; creates the files if they are missing. */
  public static SqliteMetadataStore open(Path folder) {
    return open(folder, List.of());
  }

  /** As {@link #open(Path)}; changes beyond a quota are refused as DENIED. */
  public static SqliteMetadataStore open(Path folder, List<Quota> quotas) {
    try {
      return new SqliteMetadataStore(
          folder.resolve("metadata.db"), folder.resolve("uploads.db"), new QuotaCheck(quotas));
    } catch (SQLException e) {
      throw SqliteFailures.of(e);
    }
  }

  private static List<SqliteSession> sessions(Path file, int count) throws SQLException {
    List<SqliteSession> sessions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sessions.add(SqliteSession.open(file));
    }
    return sessions;
  }

  @Override
  public RepositoryIndex repositories() {
    return repositories;
  }

  @Override
  public BlobIndex blobs() {
    return blobs;
  }

  @Override
  public ManifestIndex manifests() {
    return manifests;
  }

  @Override
  public TagIndex tags() {
    return tags;
  }

  @Override
  public UploadIndex uploads() {
    return uploads;
  }

  @Override
  public UpkeepIndexes upkeep() {
    return upkeep;
  }

  private record Upkeep(
      ContentIndex contents, GarbageIndex garbage, UsageIndex usage, GenerationMark generation)
      implements UpkeepIndexes {}

  @Override
  public void close() {
    metadataWriter.close();
    uploads.close();
    metadataReaders.close();
  }
}
