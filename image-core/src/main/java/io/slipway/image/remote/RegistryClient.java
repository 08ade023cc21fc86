package io.slipway.image.remote;

import io.slipway.image.content.Blob;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.Ingest;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.Manifest;
import io.slipway.image.name.Repository;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * One repository of one registry, with the credentials of one operation. Safe for threads. Network
 * failures are UNAVAILABLE, answers of the registry {@link
 * io.slipway.image.error.RegistryException}; {@code IOException} is the local disk's.
 */
public final class RegistryClient {
  private final Repository repository;
  private final ManifestEndpoint manifests;
  private final BlobEndpoint blobs;
  private final UploadEndpoint uploads;
  private final TagsEndpoint tags;
  private final ReferrersEndpoint referrers;

  RegistryClient(RegistryTransport transport, Repository repository, RegistryScope scope) {
    this.repository = Objects.requireNonNull(repository, "repository");
    this.manifests = new ManifestEndpoint(transport, repository, scope);
    this.blobs = new BlobEndpoint(transport, repository, scope);
    this.uploads = new UploadEndpoint(transport, repository, scope);
    this.tags = new TagsEndpoint(transport, repository, scope);
    this.referrers = new ReferrersEndpoint(transport, repository, scope, manifests);
  }

  public Repository repository() {
    return repository;
  }

  /**
   * What a tag or digest names, without its content; empty when the registry does not say so (then
   * {@link #manifest} has the answer or the reason).
   */
  public Optional<Descriptor> head(String reference) throws IOException {
    return manifests.head(reference);
  }

  /** The manifest of a tag or digest, verified. */
  public Manifest manifest(String reference) throws IOException {
    return manifests.get(reference);
  }

  /** Stores a manifest under a tag or its digest. */
  public void putManifest(String reference, Manifest manifest) throws IOException {
    manifests.put(reference, manifest);
  }

  /** Deletes a tag or a manifest; false when it was absent. */
  public boolean deleteManifest(String reference) throws IOException {
    return manifests.delete(reference);
  }

  /** All tags, in the registry's order. */
  public List<String> tags() throws IOException {
    return tags.list();
  }

  /** The manifests that name {@code subject} as theirs; none when there is no such repository. */
  public List<Descriptor> referrers(Digest subject) throws IOException {
    return referrers.list(subject);
  }

  /** Whether the registry has a blob in this repository. */
  public boolean hasBlob(Digest digest) throws IOException {
    return blobs.head(digest).isPresent();
  }

  /** A blob that fits into memory, verified. */
  public Bytes smallBlob(Descriptor blob, int maxBytes) throws IOException {
    return blobs.read(blob, maxBytes);
  }

  /** The size of a blob, -1 when the registry does not say; empty when it lacks the blob. */
  public OptionalLong blobSize(Digest digest) throws IOException {
    return blobs.head(digest);
  }

  /**
   * Receives a blob into {@code ingest}, from where that is, going on after broken connections. The
   * caller commits and thereby verifies it.
   */
  public void receive(Descriptor blob, Ingest ingest) throws IOException {
    ProgressMeter silent =
        new ProgressMeter(
            TransferListener.SILENT, blob.digest(), TransferState.DOWNLOADING, blob.size());
    new BlobDownload(blobs, blob, ingest, silent).run();
  }

  /** Brings a blob into {@code store}, verified; {@code progress} is told of bytes received. */
  void download(Descriptor blob, BlobStore store, ProgressMeter progress) throws IOException {
    try (Ingest ingest = store.ingest("pull-" + UUID.randomUUID(), blob.digest().algorithm())) {
      BlobDownload download = new BlobDownload(blobs, blob, ingest, progress);
      download.run();
      download.commit();
    }
  }

  /** Brings a blob into {@code store}, verified. */
  public void download(Descriptor blob, BlobStore store) throws IOException {
    download(
        blob,
        store,
        new ProgressMeter(
            TransferListener.SILENT, blob.digest(), TransferState.DOWNLOADING, blob.size()));
  }

  /** Asks the registry to take a blob from another of its repositories. */
  UploadEndpoint.Mount mount(Digest digest, Repository source) throws IOException {
    return uploads.mount(digest, source);
  }

  /**
   * Has the registry take a blob from another of its repositories; false when it does not let us.
   */
  public boolean take(Digest digest, Repository source) throws IOException {
    UploadEndpoint.Mount mount = mount(digest, source);
    if (mount.session().isPresent()) {
      uploads.cancel(mount.session().get());
    }
    return mount.done();
  }

  /** Sends a blob, into {@code session} when a mount opened one. */
  void upload(Blob blob, Optional<URI> session, ProgressMeter progress) throws IOException {
    new BlobUpload(uploads, blobs, blob, progress).run(session);
  }

  /** Sends a blob unless the registry has it. */
  public void upload(Blob blob) throws IOException {
    if (!hasBlob(blob.digest())) {
      upload(
          blob,
          Optional.empty(),
          new ProgressMeter(
              TransferListener.SILENT, blob.digest(), TransferState.PUSHING, blob.size()));
    }
  }
}
