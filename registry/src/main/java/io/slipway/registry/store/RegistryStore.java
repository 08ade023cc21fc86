package io.slipway.registry.store;

import io.slipway.image.content.BlobStore;
import java.time.Clock;

/**
 * The services over one blob store and one metadata store. It owns neither: whoever opened them
 * closes them after {@link UploadSessions#retireAll} and {@link LastUse#flush}.
 */
public final class RegistryStore {
  private final MetadataStore metadata;
  private final RepositoryBlobs blobs;
  private final RepositoryManifests manifests;
  private final UploadSessions uploads;
  private final ReferrerList referrers;
  private final LastUse lastUse;
  private final ContentGuard guard;

  /** {@code cacheBytes} bounds the memory for contents that are asked for often. */
  public RegistryStore(
      BlobStore blobStore,
      MetadataStore metadata,
      NameJournal journal,
      DiskSpace space,
      StoreRules rules,
      long cacheBytes,
      Clock clock) {
    this.metadata = metadata;
    this.lastUse = new LastUse(metadata.blobs(), metadata.manifests(), clock);
    HotViews views = new HotViews();
    this.guard = new ContentGuard(blobStore, metadata, views, lastUse);
    BlobLoader loader = new BlobLoader(blobStore, new HotBytes(cacheBytes));
    this.blobs =
        new RepositoryBlobs(
            blobStore, metadata, loader, views, lastUse, guard, rules.verifiedFor(), clock);
    this.manifests =
        new RepositoryManifests(
            blobStore, metadata, loader, views, lastUse, guard, journal, rules, clock);
    this.referrers = new ReferrerList(metadata, manifests);
    this.uploads = new UploadSessions(blobStore, metadata, guard, space, clock);
  }

  public RepositoryBlobs blobs() {
    return blobs;
  }

  public RepositoryManifests manifests() {
    return manifests;
  }

  public UploadSessions uploads() {
    return uploads;
  }

  public ReferrerList referrers() {
    return referrers;
  }

  public LastUse lastUse() {
    return lastUse;
  }

  /** What keeps removals of content and its users apart. */
  public ContentGuard guard() {
    return guard;
  }

  /** For lists, which are answered from the metadata as it is. */
  public MetadataStore metadata() {
    return metadata;
  }
}
