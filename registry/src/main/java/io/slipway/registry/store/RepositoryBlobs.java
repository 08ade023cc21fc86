package io.slipway.registry.store;

import io.slipway.image.content.Blob;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.Lease;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The blobs of repositories: found, read, shared and let go. */
public final class RepositoryBlobs {
  /** Configs and other small blobs up to this size (bytes) are answered from memory. */
  public static final int SMALL = 64 << 10;

  private static final int MAX_HOLDERS = 100;

  private final BlobStore blobs;
  private final MetadataStore metadata;
  private final BlobCheck check;
  private final BlobLoader loader;
  private final HotViews views;
  private final LastUse lastUse;
  private final ContentGuard guard;
  private final Duration verifiedFor;
  private final Clock clock;

  RepositoryBlobs(
      BlobStore blobs,
      MetadataStore metadata,
      BlobLoader loader,
      HotViews views,
      LastUse lastUse,
      ContentGuard guard,
      Duration verifiedFor,
      Clock clock) {
    this.blobs = blobs;
    this.metadata = metadata;
    this.check = new BlobCheck(blobs);
    this.loader = loader;
    this.views = views;
    this.lastUse = lastUse;
    this.guard = guard;
    this.verifiedFor = verifiedFor;
    this.clock = clock;
  }

  /** A blob small enough, if memory has it and knows that the repository holds it. */
  public Optional<byte[]> cached(RepositoryName repository, Digest digest) {
    HotViews.View view = views.of(repository);
    Optional<byte[]> content =
        view.blob(digest).isPresent() ? loader.cached(digest) : Optional.empty();
    if (content.isEmpty()) {
      return Optional.empty();
    }
    lastUse.note(digest);
    return views.isPresent(repository, view) ? content : Optional.empty();
  }

  /**
   * The blob's record, once its bytes are known to be there: a small one is read and verified, of a
   * large one the size is compared.
   *
   * @throws RegistryFault BLOB_UNKNOWN
   */
  public BlobRecord require(RepositoryName repository, Digest digest) {
    return find(repository, digest).orElseThrow(() -> unknown(digest));
  }

  /** As {@link #require}, empty when it is not there. */
  public Optional<BlobRecord> find(RepositoryName repository, Digest digest) {
    Optional<BlobRecord> known;
    boolean stored;
    try (Lease _ = guard.pin(digest)) {
      known = findPinned(repository, digest);
      stored = known.filter(this::isIntact).isPresent();
    }
    if (known.isPresent() && !stored) {
      setAside(known.get());
      return Optional.empty();
    }
    return known;
  }

  private boolean isIntact(BlobRecord record) {
    return record.size() <= SMALL
        ? loader.load(record.digest(), record.size()).isPresent()
        : isStored(record);
  }

  /**
   * Looks once more at a blob that is not what its record says, and takes it out of sight if so,
   * until it is pushed again.
   */
  public void setAside(BlobRecord blob) {
    boolean read = blob.size() <= SMALL;
    guard.quarantine(blob.digest(), check.doubt(blob.digest(), blob.size(), read));
  }

  private Optional<BlobRecord> findPinned(RepositoryName repository, Digest digest) {
    HotViews.View view = views.of(repository);
    Optional<BlobRecord> known =
        view.blob(digest).or(() -> metadata.blobs().find(repository, digest));
    known.ifPresent(record -> {
      view.blob(record);
      lastUse.note(digest);
    });
    return known;
  }

  /** The content of a small blob that {@link #require} has answered for. */
  public byte[] small(BlobRecord blob) {
    return loader
        .load(blob.digest(), blob.size())
        .orElseThrow(() -> RegistryFault.of(ErrorCode.BLOB_UNKNOWN, "blob is gone"));
  }

  /** Whether a large blob was verified lately enough to be sent without another look. */
  public boolean isTrusted(BlobRecord blob) {
    Instant since = clock.instant().minus(verifiedFor);
    return metadata
        .upkeep()
        .contents()
        .find(blob.digest())
        .filter(content -> !content.verified().isBefore(since))
        .isPresent();
  }

  /** Takes note of what came of hashing a blob while it was sent. */
  public void verified(BlobRecord blob, boolean good) {
    if (good) {
      Verdict verdict = new Verdict(blob.digest(), false, clock.instant());
      metadata.upkeep().contents().judge(List.of(verdict));
    } else {
      guard.quarantine(blob.digest(), check.doubt(blob.digest(), blob.size(), true));
    }
  }

  /** Opens a blob that {@link #require} has answered for. */
  public Blob open(BlobRecord blob) {
    try {
      return blobs.open(blob.digest());
    } catch (SlipwayException e) {
      throw e.kind() == ErrorKind.NOT_FOUND ? unknown(blob.digest()) : e;
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "open " + blob.digest() + ": " + e.getMessage(), e);
    }
  }

  /** Takes the blob away from this repository alone. */
  public void delete(RepositoryName repository, Digest digest) {
    boolean held = metadata.blobs().unlink(repository, digest);
    views.drop(repository);
    if (!held) {
      throw unknown(digest);
    }
  }

  /**
   * Gives {@code repository} a blob that another repository holds already.
   *
   * @param from the repository named by the client, or empty to look for any
   * @param mayPull whether the client may read a repository, so that none betrays its content
   * @return false when there is no such blob within reach
   */
  public boolean mount(
      RepositoryName repository,
      Optional<RepositoryName> from,
      Digest digest,
      Predicate<RepositoryName> mayPull) {
    try (Lease _ = guard.pin(digest)) {
      return mountPinned(repository, from, digest, mayPull);
    }
  }

  private boolean mountPinned(
      RepositoryName repository,
      Optional<RepositoryName> from,
      Digest digest,
      Predicate<RepositoryName> mayPull) {
    Optional<RepositoryName> source =
        from.isPresent()
            ? from.filter(mayPull)
            : metadata.blobs().holders(digest, MAX_HOLDERS).stream().filter(mayPull).findFirst();
    Optional<BlobRecord> blob =
        source.flatMap(name -> metadata.blobs().find(name, digest)).filter(this::isStored);
    if (blob.isEmpty()) {
      return false;
    }
    return metadata.blobs().mount(repository, source.get(), digest, clock.instant());
  }

  /** Gives {@code repository} a blob that it may have, if its bytes are here; else false. */
  public boolean adopt(RepositoryName repository, BlobRecord blob) {
    try (Lease _ = guard.pin(blob.digest())) {
      if (!isStored(blob)) {
        return false;
      }
      metadata.blobs().link(repository, blob, clock.instant());
    }
    views.drop(repository);
    return true;
  }

  private boolean isStored(BlobRecord record) {
    try {
      return check.hasSize(record.digest(), record.size());
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "look for " + record.digest() + ": " + e.getMessage(), e);
    }
  }

  private static RegistryFault unknown(Digest digest) {
    return RegistryFault.of(
        ErrorCode.BLOB_UNKNOWN, "blob unknown to the repository", digest.toString());
  }
}
