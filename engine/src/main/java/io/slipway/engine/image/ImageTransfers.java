package io.slipway.engine.image;

import io.slipway.engine.http.ProgressStream;
import io.slipway.engine.system.EventBus;
import io.slipway.image.catalog.ImageRecord;
import io.slipway.image.catalog.ManifestOrigin;
import io.slipway.image.content.Lease;
import io.slipway.image.content.Leases;
import io.slipway.image.content.VerifiedBlobs;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Compression;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.Manifest;
import io.slipway.image.model.ManifestFormat;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import io.slipway.image.name.Repository;
import io.slipway.image.remote.CredentialSource;
import io.slipway.image.remote.PullRequest;
import io.slipway.image.remote.PullSink;
import io.slipway.image.remote.PulledImage;
import io.slipway.image.remote.Puller;
import io.slipway.image.remote.PushRequest;
import io.slipway.image.remote.PushedImage;
import io.slipway.image.remote.Pusher;
import io.slipway.image.remote.TransferEvent;
import io.slipway.image.remote.TransferListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Images from and to registries, with docker's progress lines. */
public final class ImageTransfers {
  private static final int SHORT_ID = 12;

  private final StoredImages images;
  private final VerifiedBlobs blobs;
  private final Leases leases;
  private final Puller puller;
  private final Pusher pusher;
  private final PullSink sink;
  private final EventBus events;

  public ImageTransfers(
      StoredImages images,
      VerifiedBlobs blobs,
      Leases leases,
      Puller puller,
      Pusher pusher,
      PullSink sink,
      EventBus events) {
    this.images = images;
    this.blobs = blobs;
    this.leases = leases;
    this.puller = puller;
    this.pusher = pusher;
    this.sink = sink;
    this.events = events;
  }

  /** Pulls an image, makes it known and puts its tag on it. */
  public void pull(
      Reference reference, Platform platform, CredentialSource who, ProgressStream progress)
      throws IOException {
    Reference wanted = reference.withDefaultTag();
    boolean same = pullOne(wanted, platform, who, progress);
    tellStatus(wanted.familiar(), same, progress);
  }

  /** Pulls every tag of a repository. */
  public void pullAll(
      Repository repository, Platform platform, CredentialSource who, ProgressStream progress)
      throws IOException {
    boolean same = true;
    for (String tag : puller.tags(repository, who)) {
      Reference wanted = Reference.parse(repository + ":" + tag);
      same = pullOne(wanted, platform, who, progress) && same;
    }
    tellStatus(repository.familiar(), same, progress);
  }

  /** Whether the image was here already. */
  private boolean pullOne(
      Reference wanted, Platform platform, CredentialSource who, ProgressStream progress)
      throws IOException {
    progress.status(wanted.manifestReference(), "Pulling from " + wanted.repository().path());
    Optional<Digest> before = images.catalog().find(wanted).map(ImageRecord::id);
    PulledImage pulled = fetch(wanted, platform, who, lines(progress));
    Digest id = pulled.config().id();
    progress.status(
        "Digest: " + pulled.origin().reference().digest().map(Object::toString).orElse(""));
    return before.isPresent() && before.get().equals(id);
  }

  private static void tellStatus(String name, boolean same, ProgressStream progress)
      throws IOException {
    progress.status(
        (same ? "Status: Image is up to date for " : "Status: Downloaded newer image for ") + name);
  }

  /** Pulls an image for a caller that shows progress in its own way; the image's id. */
  public Digest pull(
      Reference reference, Platform platform, CredentialSource who, TransferListener listener)
      throws IOException {
    return fetch(reference.withDefaultTag(), platform, who, listener).config().id();
  }

  /** As {@link #pull}, but a tag that is here already stays where it is. */
  public Digest pullBeside(
      Reference reference, Platform platform, CredentialSource who, TransferListener listener)
      throws IOException {
    Reference wanted = reference.withDefaultTag();
    try (Lease lease = leases.open()) {
      PulledImage pulled =
          puller.pull(new PullRequest(wanted, platform, who), lease, sink, listener);
      images.catalog().add(pulled.config().id(), List.of(pulled.origin()));
      return pulled.config().id();
    }
  }

  private PulledImage fetch(
      Reference wanted, Platform platform, CredentialSource who, TransferListener listener)
      throws IOException {
    try (Lease lease = leases.open()) {
      PulledImage pulled =
          puller.pull(new PullRequest(wanted, platform, who), lease, sink, listener);
      publish(wanted, pulled);
      return pulled;
    }
  }

  /** Makes a pulled image known. */
  private void publish(Reference wanted, PulledImage pulled) throws IOException {
    Digest id = pulled.config().id();
    images.catalog().add(id, List.of(pulled.origin()));
    if (wanted.tag().isPresent() && wanted.digest().isEmpty()) {
      images.catalog().tag(id, wanted);
    }
    events.publish(
        "image", "pull", wanted.familiar(), Map.of("name", wanted.repository().familiar()));
  }

  /** Pushes one tag, or every tag of the repository. */
  public void push(
      Repository repository, Optional<String> tag, CredentialSource who, ProgressStream progress)
      throws IOException {
    progress.status("The push refers to repository [" + repository + "]");
    List<Reference> targets = new ArrayList<>();
    for (ImageRecord image : images.catalog().list()) {
      image.tags().stream()
          .filter(t -> t.repository().equals(repository))
          .filter(t -> tag.isEmpty() || t.tag().equals(tag))
          .forEach(targets::add);
    }
    if (targets.isEmpty()) {
      throw SlipwayException.notFound(
          "An image does not exist locally with the tag: " + repository.familiar());
    }
    for (Reference target : targets) {
      pushOne(target, who, progress);
    }
  }

  /**
   * Pushes images that are packed already, and an index over them if there is one.
   *
   * @param images of one name; each with its manifest
   */
  public void pushPacked(
      List<PushRequest> images, Optional<ImageIndex> index, Lease lease, TransferListener listener)
      throws IOException {
    Reference target = images.getFirst().target();
    if (index.isPresent()) {
      pusher.push(target, index.get(), images, lease, listener);
    } else {
      pusher.push(images.getFirst(), lease, listener);
    }
    events.publish(
        "image", "push", target.familiar(), Map.of("name", target.repository().familiar()));
  }

  private void pushOne(Reference target, CredentialSource who, ProgressStream progress)
      throws IOException {
    ImageRecord image = images.catalog().find(target).orElseThrow();
    try (Lease lease = leases.open()) {
      lease.pin(image.id());
      ImageConfig config = images.config(image.id());
      PushRequest request =
          new PushRequest(
              target, config, manifests(image), ManifestFormat.OCI, Compression.GZIP, who);
      PushedImage pushed = pusher.push(request, lease, lines(progress));
      images.catalog().add(image.id(), List.of(pushed.origin()));
      Digest digest = pushed.manifest().descriptor().digest();
      long size = pushed.manifest().descriptor().size();
      String tag = target.tag().orElseThrow();
      progress.status(tag + ": digest: " + digest + " size: " + size);
      progress.aux(new PushResult(tag, digest.toString(), size));
      events.publish(
          "image", "push", target.familiar(), Map.of("name", target.repository().familiar()));
    }
  }

  /** What programs read at the end of a push. */
  record PushResult(String tag, String digest, long size) {}

  /** The manifests an image is known by; one of them is pushed as it is, to keep its digest. */
  private List<ImageManifest> manifests(ImageRecord image) throws IOException {
    List<ImageManifest> known = new ArrayList<>();
    for (ManifestOrigin origin : image.manifests()) {
      if (blobs.has(origin.manifest())) {
        Manifest manifest =
            Manifest.parse(
                blobs.read(origin.manifest().digest(), Manifest.MAX_BYTES),
                origin.manifest().mediaType());
        if (manifest instanceof ImageManifest one) {
          known.add(one);
        }
      }
    }
    return known;
  }

  /** Transfer events as docker's lines, a line for each layer. */
  static TransferListener lines(ProgressStream progress) {
    return event -> {
      try {
        line(progress, event);
      } catch (IOException e) {
        // The client is gone: the transfer ends with it.
        throw new UncheckedIOException(e);
      }
    };
  }

  private static void line(ProgressStream progress, TransferEvent event) throws IOException {
    String id = event.layer().hex().substring(0, SHORT_ID);
    if (event.current() > 0) {
      long total = event.total() == 0 ? -1 : event.total();
      progress.progress(id, event.text(), event.current(), total);
    } else {
      progress.status(id, event.text());
    }
  }
}
