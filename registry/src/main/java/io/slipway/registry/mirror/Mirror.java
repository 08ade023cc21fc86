package io.slipway.registry.mirror;

import io.slipway.image.content.Blob;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.Manifest;
import io.slipway.image.remote.RegistryClient;
import io.slipway.image.task.SingleFlight;
import io.slipway.registry.store.BlobRecord;
import io.slipway.registry.store.ErrorCode;
import io.slipway.registry.store.ManifestPush;
import io.slipway.registry.store.ManifestReference;
import io.slipway.registry.store.RegistryFault;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.TagCondition;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One repository that is a copy of another one: brings what is asked for into the store. Safe for
 * threads; all but {@link #isCurrent} blocks.
 */
public final class Mirror {
  private static final int MAX_TAGS = 10_000;
  private static final int MAX_SIZES = 10_000;
  private static final int MAX_SUBJECTS = 1_000;

  /** Keys of work that is no reference's. */
  private static final String CONNECT = "/connect";

  private static final String LIST = "/tags";

  private static final String REFERRERS = "/referrers/";

  /** A tag whose upstream just failed is not tried again for so long. */
  private static final Duration RETRY = Duration.ofSeconds(5);

  /** What is known of a tag: since when it is known to be right, and when to ask again. */
  private record Check(Instant right, Instant next) {}

  private record Referrers(List<Descriptor> found, Instant next) {}

  private record TagList(List<String> tags, Instant next) {}

  private final RepositoryName repository;
  private final Upstream upstream;
  private final MirrorContext context;
  private final Map<String, Check> checks = bounded(MAX_TAGS);
  private final Map<Digest, Long> sizes = bounded(MAX_SIZES);
  private final Map<Digest, Referrers> referrers = bounded(MAX_SUBJECTS);
  private final SingleFlight<String, Boolean> flights = new SingleFlight<>();
  private volatile TagList tagList = new TagList(List.of(), Instant.MIN);
  private volatile RegistryClient client;

  Mirror(RepositoryName repository, Upstream upstream, MirrorContext context) {
    this.repository = repository;
    this.upstream = upstream;
    this.context = context;
  }

  private static <K, V> Map<K, V> bounded(int max) {
    return Collections.synchronizedMap(
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > max;
          }
        });
  }

  RepositoryName repository() {
    return repository;
  }

  Upstream upstream() {
    return upstream;
  }

  /**
   * The connection, made when it is needed first; refuses while the upstream is to be left alone.
   */
  RegistryClient client() throws IOException {
    upstream.requireReady();
    if (client == null) {
      once(CONNECT, this::connect);
    }
    return client;
  }

  private void connect() throws IOException {
    if (client == null) {
      client = context.connections().forPull(upstream.remote(repository), upstream.credentials());
    }
  }

  /** Whether what the store says of the reference may be answered as it is; never blocks. */
  public boolean isCurrent(ManifestReference reference) {
    return switch (reference) {
      // what has this digest is right for ever; what is not there is not found in memory either
      case ManifestReference.ByDigest byDigest -> true;
      case ManifestReference.ByTag byTag -> isCurrent(byTag.tag());
    };
  }

  private boolean isCurrent(String tag) {
    Check check = checks.get(tag);
    return check != null && context.clock().instant().isBefore(check.next());
  }

  /**
   * Brings the manifest into the store unless it is there, and is current.
   *
   * @throws RegistryFault when the upstream has no such manifest, or fails and nothing is known
   */
  public void bring(ManifestReference reference) throws IOException {
    switch (reference) {
      case ManifestReference.ByTag byTag -> {
        if (!isCurrent(byTag.tag())) {
          once(byTag.tag(), () -> refresh(byTag.tag()));
        }
      }
      case ManifestReference.ByDigest byDigest -> {
        if (!isStored(byDigest.digest())) {
          once(byDigest.digest().toString(), () -> fetch(byDigest.digest()));
        }
      }
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private void once(String key, Step step) throws IOException {
    try {
      flights.run(
          key,
          () -> {
            step.run();
            return true;
          });
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("no other exception is declared", e);
    }
  }

  private boolean isStored(Digest digest) {
    return context.store().manifests().holds(repository, digest);
  }

  private void fetch(Digest digest) throws IOException {
    if (isStored(digest)) {
      return;
    }
    try {
      store(client().manifest(digest.toString()), digest, List.of());
    } catch (SlipwayException e) {
      throw upstream.fault(e, ErrorCode.MANIFEST_UNKNOWN, "manifest " + digest);
    }
  }

  private void refresh(String tag) throws IOException {
    if (isCurrent(tag)) {
      return;
    }
    Optional<Digest> known = context.store().metadata().tags().resolve(repository, tag);
    try {
      Optional<Descriptor> there = client().head(tag);
      boolean same =
          there.isPresent() && known.equals(there.map(Descriptor::digest)) && isStored(known.get());
      if (!same) {
        String reference = there.map(d -> d.digest().toString()).orElse(tag);
        Manifest manifest = client().manifest(reference);
        Digest digest =
            there.map(Descriptor::digest).orElseGet(() -> manifest.descriptor().digest());
        store(manifest, digest, List.of(tag));
      }
      Instant now = context.clock().instant();
      checks.put(tag, new Check(now, now.plus(context.settings().tagLife())));
    } catch (SlipwayException e) {
      makeDo(tag, known, upstream.fault(e, ErrorCode.MANIFEST_UNKNOWN, "tag " + tag));
    }
  }

  /** Goes on with what is known while the upstream fails; a tag that is gone there goes here. */
  private void makeDo(String tag, Optional<Digest> known, RegistryFault fault) {
    Instant now = context.clock().instant();
    Check last = checks.get(tag);
    boolean old =
        last != null && last.right().plus(context.settings().staleIfError()).isBefore(now);
    if (known.isEmpty()
        || old
        || context.settings().staleIfError().isZero()
        || !Upstream.isPassing(fault)) {
      checks.remove(tag);
      if (known.isPresent() && fault.code() == ErrorCode.MANIFEST_UNKNOWN) {
        context.store().manifests().delete(repository, new ManifestReference.ByTag(tag));
      }
      throw fault;
    }
    context
        .log()
        .accept(
            "mirror %s: serving %s as last known: %s"
                .formatted(repository, tag, fault.getMessage()));
    checks.put(tag, new Check(last == null ? now : last.right(), now.plus(RETRY)));
  }

  private void store(Manifest manifest, Digest digest, List<String> tags) {
    context
        .store()
        .manifests()
        .copy(
            new ManifestPush(
                repository,
                new ManifestReference.ByDigest(digest),
                manifest.descriptor().mediaType(),
                manifest.bytes(),
                tags,
                new TagCondition.Always()));
    switch (manifest) {
      case ImageManifest image -> {
        note(image.config());
        image.layers().forEach(this::note);
      }
      case ImageIndex index -> {
        // its children are manifests, which come with their sizes
      }
    }
  }

  private void note(Descriptor blob) {
    sizes.put(blob.digest(), blob.size());
  }

  /**
   * The size of a blob that the store lacks.
   *
   * @throws RegistryFault BLOB_UNKNOWN when the upstream lacks it, too
   */
  public BlobRecord find(Digest digest) throws IOException {
    Optional<Download> running = context.downloads().find(repository, digest);
    if (running.isPresent()) {
      return running.get().blob();
    }
    Long known = sizes.get(digest);
    if (known != null) {
      return new BlobRecord(digest, known);
    }
    try {
      OptionalLong size = client().blobSize(digest);
      if (size.isEmpty()) {
        throw RegistryFault.of(
            ErrorCode.BLOB_UNKNOWN, "blob unknown to upstream " + upstream.registry());
      }
      if (size.getAsLong() < 0) {
        throw SlipwayException.invalid("it does not tell the size of blob " + digest);
      }
      sizes.put(digest, size.getAsLong());
      return new BlobRecord(digest, size.getAsLong());
    } catch (SlipwayException e) {
      throw upstream.fault(e, ErrorCode.BLOB_UNKNOWN, "blob " + digest);
    }
  }

  /** A blob found by {@link #find}, readable while it comes; it goes to the store meanwhile. */
  public Blob open(BlobRecord blob) throws IOException {
    if (context.store().blobs().adopt(repository, blob)) {
      return context.store().blobs().open(blob);
    }
    Download download = context.downloads().join(this, blob);
    try {
      download.awaitBeginning();
    } catch (SlipwayException e) {
      sizes.remove(blob.digest());
      throw e;
    }
    return download.open();
  }

  /** Brings a blob or a manifest into the store, and waits for it. */
  void bring(Digest digest) throws IOException {
    BlobRecord blob;
    try {
      blob = find(digest);
    } catch (RegistryFault e) {
      if (e.code() != ErrorCode.BLOB_UNKNOWN) {
        throw e;
      }
      bring(new ManifestReference.ByDigest(digest));
      return;
    }
    if (!context.store().blobs().adopt(repository, blob)) {
      context.downloads().join(this, blob).awaitEnd();
    }
  }

  /** All tags of the upstream in ASCII order; those that are here while it fails. */
  public Optional<List<String>> tags() throws IOException {
    TagList list = tagList;
    if (context.clock().instant().isBefore(list.next())) {
      return Optional.of(list.tags());
    }
    try {
      once(LIST, this::listTags);
      return Optional.of(tagList.tags());
    } catch (SlipwayException e) {
      RegistryFault fault = upstream.fault(e, ErrorCode.NAME_UNKNOWN, "repository " + repository);
      boolean known = context.store().metadata().repositories().exists(repository);
      if (known && Upstream.isPassing(fault) && !context.settings().staleIfError().isZero()) {
        return Optional.empty();
      }
      throw fault;
    }
  }

  /**
   * The manifests that refer to {@code subject} at the upstream, by digest; empty when only what is
   * here can be told while it fails.
   */
  public Optional<List<Descriptor>> referrers(Digest subject) throws IOException {
    Referrers known = referrers.get(subject);
    if (known != null && context.clock().instant().isBefore(known.next())) {
      return Optional.of(known.found());
    }
    try {
      once(REFERRERS + subject, () -> listReferrers(subject));
      return Optional.ofNullable(referrers.get(subject)).map(Referrers::found);
    } catch (SlipwayException e) {
      RegistryFault fault = upstream.fault(e, ErrorCode.NAME_UNKNOWN, "repository " + repository);
      if (Upstream.isPassing(fault) && !context.settings().staleIfError().isZero()) {
        return Optional.ofNullable(known).map(Referrers::found);
      }
      throw fault;
    }
  }

  private void listReferrers(Digest subject) throws IOException {
    List<Descriptor> found =
        client().referrers(subject).stream()
            .sorted(Comparator.comparing(descriptor -> descriptor.digest().toString()))
            .toList();
    Instant next = context.clock().instant().plus(context.settings().tagLife());
    referrers.put(subject, new Referrers(found, next));
  }

  private void listTags() throws IOException {
    List<String> tags = client().tags().stream().distinct().sorted().toList();
    Instant next = context.clock().instant().plus(context.settings().tagLife());
    tagList = new TagList(tags, next);
  }
}
