package io.slipway.registry.store;

import io.slipway.image.content.BlobStore;
import io.slipway.image.content.ExpectedContent;
import io.slipway.image.content.Ingest;
import io.slipway.image.content.Lease;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.Platform;
import io.slipway.registry.config.SparseManifests;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The manifests and tags of repositories: read, pushed and deleted. */
public final class RepositoryManifests {
  private static final Platform DEFAULT_PLATFORM = Platform.parse("linux/amd64");

  private final BlobStore blobs;
  private final MetadataStore metadata;
  private final BlobLoader loader;
  private final HotViews views;
  private final LastUse lastUse;
  private final ContentGuard guard;
  private final NameJournal journal;
  private final StoreRules rules;
  private final ManifestReader reader;
  private final Clock clock;

  RepositoryManifests(
      BlobStore blobs,
      MetadataStore metadata,
      BlobLoader loader,
      HotViews views,
      LastUse lastUse,
      ContentGuard guard,
      NameJournal journal,
      StoreRules rules,
      Clock clock) {
    this.blobs = blobs;
    this.metadata = metadata;
    this.loader = loader;
    this.views = views;
    this.lastUse = lastUse;
    this.guard = guard;
    this.journal = journal;
    this.rules = rules;
    this.reader = new ManifestReader(rules.sparse());
    this.clock = clock;
  }

  /** The manifest if memory alone can tell; for event loops. */
  public Optional<StoredManifest> cached(RepositoryName repository, ManifestReference reference) {
    HotViews.View view = views.of(repository);
    Optional<Digest> digest =
        switch (reference) {
          case ManifestReference.ByTag byTag -> view.tag(byTag.tag());
          case ManifestReference.ByDigest byDigest -> Optional.of(byDigest.digest());
        };
    if (digest.isEmpty()) {
      return Optional.empty();
    }
    Optional<ManifestRecord> record = view.manifest(digest.get());
    Optional<byte[]> content = record.isEmpty() ? Optional.empty() : loader.cached(digest.get());
    if (content.isEmpty()) {
      return Optional.empty();
    }
    lastUse.notePull(repository, digest.get());
    return views.isPresent(repository, view)
        ? Optional.of(new StoredManifest(record.get(), content.get()))
        : Optional.empty();
  }

  /**
   * The manifest a reference names.
   *
   * @throws RegistryFault MANIFEST_UNKNOWN, or NAME_UNKNOWN when there is no such repository
   */
  public StoredManifest require(RepositoryName repository, ManifestReference reference) {
    Digest digest = resolve(repository, reference, views.of(repository));
    ManifestRecord record;
    Optional<byte[]> content;
    try (Lease _ = guard.pin(digest)) {
      record = requirePinned(repository, reference, digest);
      content = loader.load(digest, record.size());
    }
    if (content.isEmpty()) {
      guard.quarantine(digest, new BlobCheck(blobs).doubt(digest, record.size(), true));
      throw unknown(repository, reference);
    }
    return new StoredManifest(record, content.get());
  }

  private ManifestRecord requirePinned(
      RepositoryName repository, ManifestReference reference, Digest digest) {
    // taken after the pin: an older view may know what was removed meanwhile
    HotViews.View view = views.of(repository);
    ManifestRecord record =
        view.manifest(digest)
            .or(() -> metadata.manifests().find(repository, digest))
            .orElseThrow(() -> unknown(repository, reference));
    view.manifest(record);
    lastUse.notePull(repository, digest);
    return record;
  }

  /** Whether the repository has the manifest, bytes and all. */
  public boolean holds(RepositoryName repository, Digest digest) {
    Optional<ManifestRecord> record =
        views
            .of(repository)
            .manifest(digest)
            .or(() -> metadata.manifests().find(repository, digest));
    return record.isPresent() && loader.load(digest, record.get().size()).isPresent();
  }

  private Digest resolve(
      RepositoryName repository, ManifestReference reference, HotViews.View view) {
    return switch (reference) {
      case ManifestReference.ByDigest byDigest -> byDigest.digest();
      case ManifestReference.ByTag byTag -> {
        Optional<Digest> known = view.tag(byTag.tag());
        if (known.isPresent()) {
          yield known.get();
        }
        Digest digest =
            metadata
                .tags()
                .resolve(repository, byTag.tag())
                .orElseThrow(() -> unknown(repository, reference));
        view.tag(byTag.tag(), digest);
        yield digest;
      }
    };
  }

  /**
   * The image for linux/amd64 that an index names, for clients that know no indexes; the index
   * itself when it has none or the repository lacks it.
   */
  public StoredManifest imageOf(RepositoryName repository, StoredManifest index) {
    Bytes content = Bytes.copyOf(index.content());
    if (!(ManifestReader.parse(content, index.record().mediaType()) instanceof ImageIndex parsed)) {
      return index;
    }
    Optional<Digest> child = parsed.select(DEFAULT_PLATFORM).map(Descriptor::digest);
    if (child.isEmpty() || metadata.manifests().find(repository, child.get()).isEmpty()) {
      return index;
    }
    return require(repository, new ManifestReference.ByDigest(child.get()));
  }

  /**
   * Stores a manifest: bytes first, then record, references and tags in one transaction.
   *
   * @throws RegistryFault MANIFEST_INVALID, DIGEST_INVALID, MANIFEST_BLOB_UNKNOWN; status 412 when
   *     the condition does not hold
   */
  public ManifestRecord push(ManifestPush push) {
    return push(push, reader);
  }

  /** Stores a manifest of another registry, whose content comes when it is asked for. */
  public ManifestRecord copy(ManifestPush push) {
    return push(push, new ManifestReader(SparseManifests.ALLOW_ALL));
  }

  private ManifestRecord push(ManifestPush push, ManifestReader reading) {
    Set<String> tags = new LinkedHashSet<>();
    DigestAlgorithm algorithm =
        switch (push.reference()) {
          case ManifestReference.ByDigest byDigest -> byDigest.digest().algorithm();
          case ManifestReference.ByTag byTag -> {
            tags.add(byTag.tag());
            yield DigestAlgorithm.SHA256;
          }
        };
    tags.addAll(push.extraTags());
    ManifestReader.Reading read = reading.read(push.content(), push.mediaType(), algorithm);
    ManifestRecord record = read.record();
    if (push.reference() instanceof ManifestReference.ByDigest byDigest
        && !byDigest.digest().equals(record.digest())) {
      throw RegistryFault.of(
          ErrorCode.DIGEST_INVALID,
          "the manifest does not have the digest",
          record.digest().toString());
    }
    // until a repository holds it, nothing else keeps the content
    try (Lease _ = guard.pin(record.digest())) {
      store(record.digest(), push.content());
      metadata
          .manifests()
          .put(
              new ManifestPut(
                  push.repository(),
                  record,
                  read.references(),
                  tags.stream().toList(),
                  tags.stream()
                      .filter(tag -> rules.isImmutable(push.repository(), tag))
                      .collect(Collectors.toSet()),
                  push.condition(),
                  clock.instant()));
    } catch (RuntimeException e) {
      guard.giveUp(record.digest(), e);
      throw e;
    }
    views.drop(push.repository());
    journal.put(push.repository(), record.digest(), record.mediaType(), tags);
    return record;
  }

  /** Records once more what a stored manifest names, for repairs. */
  public void restore(RepositoryName repository, ManifestRecord record, Bytes content) {
    ManifestReader.Reading reading =
        reader.read(content, record.mediaType(), record.digest().algorithm());
    List<ContentReference> references =
        reading.references().stream()
            .map(r -> new ContentReference(r.digest(), r.kind(), false))
            .toList();
    metadata
        .manifests()
        .put(
            new ManifestPut(
                repository,
                record,
                references,
                List.of(),
                new TagCondition.Always(),
                clock.instant()));
  }

  /**
   * Removes a tag, or a manifest and all its tags. An untagged manifest counts as just used, so
   * that a tag removed by mistake can be set again for a while.
   */
  public void delete(RepositoryName repository, ManifestReference reference) {
    requireDeletable(repository, reference);
    if (reference instanceof ManifestReference.ByTag byTag) {
      metadata.tags().resolve(repository, byTag.tag()).ifPresent(lastUse::note);
    }
    boolean existed =
        switch (reference) {
          case ManifestReference.ByTag byTag -> metadata.tags().delete(repository, byTag.tag());
          case ManifestReference.ByDigest byDigest ->
              metadata.manifests().delete(repository, byDigest.digest());
        };
    views.drop(repository);
    if (!existed) {
      throw unknown(repository, reference);
    }
    switch (reference) {
      case ManifestReference.ByTag byTag -> journal.untagged(repository, byTag.tag());
      case ManifestReference.ByDigest byDigest -> journal.deleted(repository, byDigest.digest());
    }
  }

  private void requireDeletable(RepositoryName repository, ManifestReference reference) {
    if (rules.immutableTags().isEmpty()) {
      return;
    }
    List<String> tags =
        switch (reference) {
          case ManifestReference.ByTag byTag -> List.of(byTag.tag());
          case ManifestReference.ByDigest byDigest ->
              metadata.tags().naming(repository, byDigest.digest());
        };
    for (String tag : tags) {
      if (rules.isImmutable(repository, tag)) {
        throw RegistryFault.of(ErrorCode.DENIED, "tag " + tag + " is immutable", tag);
      }
    }
  }

  /** Removes a tag, whoever may not, unless it was set since it was read. */
  public boolean removeTag(RepositoryName repository, TagRecord tag) {
    lastUse.note(tag.manifest());
    boolean removed = metadata.tags().delete(repository, tag);
    views.drop(repository);
    if (removed) {
      journal.untagged(repository, tag.name());
    }
    return removed;
  }

  private void store(Digest digest, Bytes content) {
    try (Ingest ingest = blobs.ingest(UploadId.random().toString(), digest.algorithm())) {
      ingest.append(content.buffer());
      ingest.commit(ExpectedContent.of(digest));
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "store manifest " + digest + ": " + e.getMessage(), e);
    } catch (SlipwayException e) {
      if (e.kind() == ErrorKind.NO_SPACE) {
        throw RegistryFault.noSpace("no space left to store the manifest", e);
      }
      throw e;
    }
  }

  private RegistryFault unknown(RepositoryName repository, ManifestReference reference) {
    return metadata.repositories().exists(repository)
        ? RegistryFault.of(
            ErrorCode.MANIFEST_UNKNOWN, "manifest unknown to the repository", reference.toString())
        : RegistryFault.of(ErrorCode.NAME_UNKNOWN, "repository unknown", repository.value());
  }
}
