package io.slipway.builder.exchange;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.graph.ExecMount;
import io.slipway.builder.op.OtherResults;
import io.slipway.image.catalog.LayerBlob;
import io.slipway.image.content.Layer;
import io.slipway.image.content.Lease;
import io.slipway.image.content.VerifiedBlobs;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.ChainId;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.RootFs;
import io.slipway.image.remote.CredentialSource;
import io.slipway.image.task.FanOut;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What one build may use of caches from elsewhere. Results are brought when a step asks for them,
 * layers that are here are not fetched. What cannot be brought is told and is a miss.
 */
public final class CacheImports implements OtherResults {
  private static final int PARALLEL = 4;

  private final ExchangeTools tools;
  private final VerifiedBlobs blobs;
  private final Lease lease;
  private final Consumer<String> warnings;
  private final Map<CacheKey, Imported> results = new ConcurrentHashMap<>();
  private final Map<String, ImportedMount> mounts = new ConcurrentHashMap<>();

  private record Imported(ImportedCache cache, List<Integer> layers) {}

  private record ImportedMount(ImportedCache cache, Descriptor blob) {}

  /**
   * @param lease keeps what is brought while the build runs
   * @param warnings takes a line for each cache or result that cannot be brought
   */
  public CacheImports(ExchangeTools tools, Lease lease, Consumer<String> warnings) {
    this.tools = tools;
    this.blobs = new VerifiedBlobs(tools.blobs());
    this.lease = lease;
    this.warnings = warnings;
  }

  /**
   * Makes a cache's results known. One that is not there, or cannot be read, is told.
   *
   * @return how many results it has
   */
  public int add(CacheTransfer from, CredentialSource who) {
    try {
      CacheStore store = tools.store(from.place(), false, who);
      Optional<ImageManifest> manifest = store.read();
      if (manifest.isEmpty()) {
        warnings.accept("cache " + from.place() + " is not there (yet)");
        return 0;
      }
      Optional<ImportedCache> cache = ImportedCache.read(store, manifest.get(), blobs, lease);
      if (cache.isEmpty()) {
        warnings.accept(
            from.place() + " holds no build cache: build it with --cache-to type=inline");
        return 0;
      }
      cache.get().document().results().forEach(result -> add(cache.get(), result));
      for (CacheDocument.Mount mount : cache.get().document().mounts()) {
        cache
            .get()
            .blob(mount.blob())
            .ifPresent(blob -> mounts.put(name(mount), new ImportedMount(cache.get(), blob)));
      }
      return cache.get().document().results().size();
    } catch (IOException | SlipwayException e) {
      requireNotCancelled(e);
      warnings.accept("cannot use cache " + from.place() + ": " + e.getMessage());
      return 0;
    }
  }

  private static String name(CacheDocument.Mount mount) {
    return mount.id() + "\0" + mount.mode() + ":" + mount.uid() + ":" + mount.gid();
  }

  private void add(ImportedCache cache, CacheDocument.Result result) {
    var key = new CacheKey(Digest.parse(result.key()));
    results.putIfAbsent(key, new Imported(cache, result.layers()));
    for (String text : result.names()) {
      var name = new CacheKey(Digest.parse(text));
      // what is known here is here already, and must not come to mean itself
      if (tools.index().canonical(name).isEmpty() && tools.index().canonical(key).isEmpty()) {
        tools.index().alias(name, key);
      }
    }
  }

  @Override
  public Optional<SnapshotKey> find(CacheKey key) throws IOException {
    Optional<ChainId> known = tools.index().keptAs(key);
    if (known.isPresent()) {
      lease.pin(known.get());
      Optional<Snapshot.Committed> here = tools.snapshotter().find(known.get());
      if (here.isPresent()) {
        return here.map(Snapshot::key);
      }
    }
    Imported imported = results.get(key);
    return imported == null ? Optional.empty() : bring(key, imported);
  }

  private Optional<SnapshotKey> bring(CacheKey key, Imported imported) throws IOException {
    try {
      RootFs rootFs = imported.cache.rootFs(imported.layers);
      List<Layer> layers = Layer.of(rootFs);
      fetch(imported, layers);
      Optional<Snapshot.Committed> top = tools.unpacker().unpack(rootFs, lease);
      top.ifPresent(_ -> tools.index().keepAs(key, layers.getLast().chainId()));
      return top.map(Snapshot::key);
    } catch (IOException | SlipwayException e) {
      requireNotCancelled(e);
      results.remove(key);
      warnings.accept("cannot bring a cached result: " + e.getMessage());
      return Optional.empty();
    }
  }

  private void fetch(Imported imported, List<Layer> layers) throws IOException {
    try (FanOut downloads = new FanOut("cache import", PARALLEL)) {
      var tasks = new ArrayList<FanOut.Task<Boolean>>();
      for (int i = 0; i < layers.size(); i++) {
        Layer layer = layers.get(i);
        int number = imported.layers.get(i);
        lease.pin(layer.chainId());
        if (tools.snapshotter().find(layer.chainId()).isEmpty()) {
          tasks.add(downloads.fork(() -> fetch(imported.cache, number, layer)));
        }
      }
      downloads.join();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      throw new SlipwayException(ErrorKind.CANCELLED, "build cancelled", e);
    } catch (Exception e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** A base image's layers are here or come with it. */
  private boolean fetch(ImportedCache cache, int number, Layer layer) throws IOException {
    Optional<Descriptor> blob = cache.layerBlob(number);
    if (blob.isEmpty()) {
      return false;
    }
    bring(cache, blob.get());
    tools
        .layers()
        .put(new LayerBlob(layer.diffId(), blob.get(), cache.tarBytes(number), List.of()));
    return true;
  }

  private void bring(ImportedCache cache, Descriptor blob) throws IOException {
    lease.pin(blob.digest());
    if (!blobs.has(blob)) {
      cache.store().fetch(blob, tools.blobs());
    }
  }

  @Override
  public void fill(ExecMount.Cache mount) throws IOException {
    var described =
        new CacheDocument.Mount(
            mount.id(), mount.modeOrDefault(), mount.uid().orElse(0), mount.gid().orElse(0), 0);
    ImportedMount imported = mounts.remove(name(described));
    if (imported == null || tools.folders().hasCacheMount(mount)) {
      return;
    }
    try {
      bring(imported.cache, imported.blob);
      try (var content = blobs.open(imported.blob)) {
        tools.folders().fillCacheMount(mount, content.stream(0));
      }
    } catch (IOException | SlipwayException e) {
      requireNotCancelled(e);
      warnings.accept("cannot bring cache mount " + mount.id() + ": " + e.getMessage());
    }
  }

  private static void requireNotCancelled(Exception failure) {
    if (failure instanceof SlipwayException known && known.kind() == ErrorKind.CANCELLED
        || Thread.currentThread().isInterrupted()) {
      throw new SlipwayException(ErrorKind.CANCELLED, "build cancelled", failure);
    }
  }
}
