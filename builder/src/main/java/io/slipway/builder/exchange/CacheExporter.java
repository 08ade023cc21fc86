package io.slipway.builder.exchange;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.graph.Exec;
import io.slipway.builder.graph.ExecMount;
import io.slipway.builder.graph.Op;
import io.slipway.builder.op.ResultNames;
import io.slipway.builder.solver.SolvedStep;
import io.slipway.image.codec.DeflateCompressor;
import io.slipway.image.content.Blob;
import io.slipway.image.content.BlobInfo;
import io.slipway.image.content.ExpectedContent;
import io.slipway.image.content.Ingest;
import io.slipway.image.content.Layer;
import io.slipway.image.content.Lease;
import io.slipway.image.content.VerifiedBlobs;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.ChainId;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.ManifestFormat;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.remote.CredentialSource;
import io.slipway.image.task.FanOut;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Writes what a build knows to where other machines find it. */
public final class CacheExporter {
  private static final int PARALLEL = 4;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ExchangeTools tools;
  private final VerifiedBlobs blobs;
  private final Lease lease;

  /**
   * @param lease keeps what is exported until it is
   */
  public CacheExporter(ExchangeTools tools, Lease lease) {
    this.tools = tools;
    this.blobs = new VerifiedBlobs(tools.blobs());
    this.lease = lease;
  }

  /** A result that goes along: its tree from the base up. */
  private record Exported(SolvedStep step, List<Snapshot.Committed> tree, int baseLayers) {}

  /**
   * Exports the results of a build.
   *
   * @param steps of the whole graph
   * @param targets the steps that made the images' trees
   * @return how many results went along
   */
  public int export(
      CacheTransfer to, List<SolvedStep> steps, List<SolvedStep> targets, CredentialSource who)
      throws IOException {
    List<Exported> results = results(to.max() ? steps : ways(steps, targets));
    Map<ChainId, Integer> numbers = new LinkedHashMap<>();
    Map<ChainId, Snapshot.Committed> owned = new LinkedHashMap<>();
    for (Exported result : results) {
      for (int i = 0; i < result.tree.size(); i++) {
        Snapshot.Committed layer = result.tree.get(i);
        ChainId chain = layer.identity().orElseThrow().chainId();
        numbers.putIfAbsent(chain, numbers.size());
        if (i >= result.baseLayers) {
          owned.put(chain, layer);
        }
      }
    }
    CacheStore store = tools.store(to.place(), true, who);
    Map<ChainId, Descriptor> sent = sendLayers(to, store, owned);
    var descriptors = new ArrayList<Descriptor>(sent.values());
    List<CacheDocument.Mount> mounts =
        to.mounts() ? sendMounts(store, steps, descriptors) : List.of();
    var document =
        new CacheDocument(
            CacheDocument.VERSION,
            layers(results, sent),
            results.stream().map(result -> describe(result, numbers)).toList(),
            mounts);
    Bytes bytes = document.bytes();
    send(store, put(bytes));
    var config = new Descriptor(CacheDocument.MEDIA_TYPE, bytes.digest(), bytes.size());
    store.write(ImageManifest.create(ManifestFormat.OCI, config, descriptors, Map.of()));
    return results.size();
  }

  /** The cache of an image's own layers, for its config: the layers are the image's, in order. */
  public Bytes inline(List<SolvedStep> steps, SolvedStep target) throws IOException {
    List<Exported> results = results(way(steps, target));
    Map<ChainId, Integer> numbers = new LinkedHashMap<>();
    var layers = new ArrayList<CacheDocument.Layer>();
    for (Exported result : results) {
      for (Snapshot.Committed snapshot : result.tree) {
        var identity = snapshot.identity().orElseThrow();
        if (numbers.putIfAbsent(identity.chainId(), numbers.size()) == null) {
          layers.add(
              new CacheDocument.Layer(
                  identity.diffId().toString(), layers.size(), identity.tarBytes()));
        }
      }
    }
    return new CacheDocument(
            CacheDocument.VERSION,
            layers,
            results.stream().map(result -> describe(result, numbers)).toList(),
            List.of())
        .bytes();
  }

  /** The config with an inline cache in it. */
  public static ImageConfig embed(ImageConfig config, Bytes cache) {
    try {
      ObjectNode json = (ObjectNode) JSON.readTree(config.bytes().toArray());
      json.set(CacheDocument.MEMBER, JSON.readTree(cache.toArray()));
      return ImageConfig.parse(Bytes.utf8(JSON.writeValueAsString(json)));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The steps that made the layers of the images, each before those that stand on it. */
  private static List<SolvedStep> ways(List<SolvedStep> steps, List<SolvedStep> targets) {
    return targets.stream().flatMap(target -> way(steps, target).stream()).distinct().toList();
  }

  /** The steps that made the layers of the image, the first one first. */
  private static List<SolvedStep> way(List<SolvedStep> steps, SolvedStep target) {
    Map<Object, SolvedStep> byVertex =
        steps.stream().collect(Collectors.toMap(SolvedStep::vertex, step -> step));
    var way = new ArrayList<SolvedStep>();
    SolvedStep at = target;
    while (at != null && !(at.vertex().op() instanceof Op.Source)) {
      way.add(at);
      at = byVertex.get(at.vertex().inputs().getFirst());
    }
    return way.reversed();
  }

  private List<Exported> results(List<SolvedStep> steps) throws IOException {
    var results = new ArrayList<Exported>();
    for (SolvedStep step : steps) {
      Optional<SnapshotKey> snapshot = snapshot(step);
      if (step.vertex().op() instanceof Op.Source || snapshot.isEmpty()) {
        continue;
      }
      tools.identities().identify(snapshot.get());
      List<Snapshot.Committed> tree = tree(snapshot.get());
      results.add(new Exported(step, tree, baseLayers(step, tree)));
    }
    return results;
  }

  /** Empty if the result is not here: a later one was, so it was not needed. */
  private Optional<SnapshotKey> snapshot(SolvedStep step) {
    lease.pin(step.key().digest());
    for (SnapshotKey own : ResultNames.of(step.key())) {
      if (tools.snapshotter().find(own).orElse(null) instanceof Snapshot.Committed) {
        return Optional.of(own);
      }
    }
    Optional<ChainId> kept = tools.index().keptAs(step.key());
    kept.ifPresent(lease::pin);
    return kept.flatMap(chain -> tools.snapshotter().find(chain)).map(Snapshot::key);
  }

  private List<Snapshot.Committed> tree(SnapshotKey top) {
    var tree = new ArrayList<Snapshot.Committed>();
    Optional<SnapshotKey> at = Optional.of(top);
    while (at.isPresent()) {
      if (!(tools.snapshotter().find(at.get()).orElse(null) instanceof Snapshot.Committed layer)) {
        throw new SlipwayException(ErrorKind.INTERNAL, "snapshot " + at.get() + " is gone");
      }
      tree.add(layer);
      at = layer.parent();
    }
    return tree.reversed();
  }

  /** What lies below the first step comes with the base image, wherever the cache is used. */
  private static int baseLayers(SolvedStep step, List<Snapshot.Committed> tree) {
    var vertex = step.vertex();
    while (!vertex.inputs().isEmpty()) {
      vertex = vertex.inputs().getFirst();
    }
    if (vertex.op() instanceof Op.ImageSource image && image.rootFs().isPresent()) {
      ChainId base = image.rootFs().get();
      for (int i = 0; i < tree.size(); i++) {
        if (tree.get(i).identity().orElseThrow().chainId().equals(base)) {
          return i + 1;
        }
      }
    }
    return 0;
  }

  private Map<ChainId, Descriptor> sendLayers(
      CacheTransfer to, CacheStore store, Map<ChainId, Snapshot.Committed> layers)
      throws IOException {
    try (FanOut uploads = new FanOut("cache export", PARALLEL)) {
      Map<ChainId, FanOut.Task<Descriptor>> tasks = new LinkedHashMap<>();
      layers.forEach((chain, snapshot) ->
          tasks.put(
              chain,
              uploads.fork(() -> {
                Descriptor blob = tools.layerBlobs().blob(layer(snapshot), to.compression(), lease);
                send(store, blob);
                return blob;
              })));
      Map<ChainId, Descriptor> sent = new LinkedHashMap<>();
      for (var task : tasks.entrySet()) {
        sent.put(task.getKey(), task.getValue().await());
      }
      return sent;
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      throw new SlipwayException(ErrorKind.CANCELLED, "build cancelled", e);
    } catch (Exception e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private Layer layer(Snapshot.Committed snapshot) {
    var identity = snapshot.identity().orElseThrow();
    Optional<ChainId> parent =
        snapshot
            .parent()
            .flatMap(tools.snapshotter()::find)
            .map(Snapshot.Committed.class::cast)
            .map(below -> below.identity().orElseThrow().chainId());
    return new Layer(parent.isPresent() ? 1 : 0, identity.diffId(), identity.chainId(), parent);
  }

  private static List<CacheDocument.Layer> layers(
      List<Exported> results, Map<ChainId, Descriptor> sent) {
    List<ChainId> order = List.copyOf(sent.keySet());
    Map<ChainId, CacheDocument.Layer> layers = new LinkedHashMap<>();
    for (Exported result : results) {
      for (Snapshot.Committed snapshot : result.tree) {
        var identity = snapshot.identity().orElseThrow();
        layers.putIfAbsent(
            identity.chainId(),
            new CacheDocument.Layer(
                identity.diffId().toString(),
                order.indexOf(identity.chainId()),
                identity.tarBytes()));
      }
    }
    return List.copyOf(layers.values());
  }

  private CacheDocument.Result describe(Exported result, Map<ChainId, Integer> numbers) {
    Set<CacheKey> names = new LinkedHashSet<>(result.step.names());
    names.addAll(tools.index().names(result.step.key()));
    names.remove(result.step.key());
    return new CacheDocument.Result(
        result.step.key().toString(),
        names.stream().map(CacheKey::toString).sorted().toList(),
        result.step.vertex().info().name(),
        result.tree.stream()
            .map(snapshot -> numbers.get(snapshot.identity().orElseThrow().chainId()))
            .toList());
  }

  private List<CacheDocument.Mount> sendMounts(
      CacheStore store, List<SolvedStep> steps, List<Descriptor> descriptors) throws IOException {
    Set<ExecMount.Cache> used = new LinkedHashSet<>();
    for (SolvedStep step : steps) {
      if (step.vertex().op() instanceof Exec exec) {
        exec.mounts().stream()
            .filter(ExecMount.Cache.class::isInstance)
            .map(ExecMount.Cache.class::cast)
            .forEach(used::add);
      }
    }
    Map<String, CacheDocument.Mount> mounts = new LinkedHashMap<>();
    for (ExecMount.Cache mount : used) {
      var described =
          new CacheDocument.Mount(
              mount.id(),
              mount.modeOrDefault(),
              mount.uid().orElse(0),
              mount.gid().orElse(0),
              descriptors.size());
      String name =
          mount.id() + "\0" + described.mode() + ":" + described.uid() + ":" + described.gid();
      if (!mounts.containsKey(name) && tools.folders().hasCacheMount(mount)) {
        Descriptor blob = pack(mount);
        send(store, blob);
        descriptors.add(blob);
        mounts.put(name, described);
      }
    }
    return List.copyOf(mounts.values());
  }

  private Descriptor pack(ExecMount.Cache mount) throws IOException {
    int threads = Runtime.getRuntime().availableProcessors();
    var compressor = new DeflateCompressor(DeflateCompressor.DEFAULT_LEVEL, threads);
    try (Ingest ingest =
        tools.blobs().ingest("cache-mount-" + UUID.randomUUID(), DigestAlgorithm.SHA256)) {
      try (OutputStream out = compressor.open(new IngestStream(ingest))) {
        tools.folders().packCacheMount(mount, out);
      }
      BlobInfo blob = ingest.commit(ExpectedContent.anything());
      lease.pin(blob.digest());
      return new Descriptor(MediaTypes.OCI_LAYER_GZIP, blob.digest(), blob.size());
    }
  }

  private Descriptor put(Bytes bytes) throws IOException {
    lease.pin(bytes.digest());
    BlobInfo blob = blobs.put(bytes);
    return new Descriptor(CacheDocument.MEDIA_TYPE, blob.digest(), blob.size());
  }

  private void send(CacheStore store, Descriptor blob) throws IOException {
    try (Blob content = blobs.open(blob)) {
      store.put(content);
    }
  }

  /** Appends to a blob on its way in; closing it does not end the ingest. */
  private static final class IngestStream extends OutputStream {
    private final Ingest ingest;

    IngestStream(Ingest ingest) {
      this.ingest = ingest;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ingest.append(ByteBuffer.wrap(bytes, offset, length));
    }
  }
}
