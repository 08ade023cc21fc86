package io.slipway.image.catalog;

import io.slipway.image.model.Digest;
import io.slipway.image.name.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A layer index in one directory, a file {@code <algorithm>-<hex of the blob>.json} per blob. Read
 * once when opened. One process at a time owns the directory.
 */
public final class FileLayerIndex implements LayerIndex {
  private final RecordDirectory files;
  private final List<String> damaged;
  private final Map<Digest, LayerBlob> byBlob = new HashMap<>();
  private final Map<Digest, List<LayerBlob>> byDiffId = new HashMap<>();

  private FileLayerIndex(RecordDirectory files, RecordDirectory.Loaded<LayerBlob> loaded) {
    this.files = files;
    this.damaged = loaded.damaged();
    loaded.records().stream()
        .sorted(Comparator.comparing(layer -> layer.descriptor().digest()))
        .forEach(this::remember);
  }

  /** Opens, and if need be creates, the index in {@code directory}. */
  public static FileLayerIndex open(Path directory) throws IOException {
    RecordDirectory files = RecordDirectory.open(directory);
    return new FileLayerIndex(files, files.load(RecordJson::layer));
  }

  /** Record files that could not be read when this index was opened, each with its reason. */
  public List<String> damaged() {
    return damaged;
  }

  @Override
  public synchronized List<LayerBlob> find(Digest diffId) {
    return byDiffId.getOrDefault(diffId, List.of());
  }

  @Override
  public synchronized Optional<LayerBlob> findBlob(Digest blob) {
    return Optional.ofNullable(byBlob.get(blob));
  }

  /** The lock is held while writing: entries are written once per layer, and reads are short. */
  @Override
  public synchronized void put(LayerBlob blob) throws IOException {
    Digest key = blob.descriptor().digest();
    LayerBlob known = byBlob.get(key);
    LayerBlob merged = known == null ? blob : merge(known, blob);
    if (merged.equals(known)) {
      return;
    }
    files.write(fileName(key), RecordJson.write(merged));
    forget(known);
    remember(merged);
  }

  private static LayerBlob merge(LayerBlob known, LayerBlob added) {
    List<Repository> sources = new ArrayList<>(known.sources());
    sources.addAll(added.sources());
    return new LayerBlob(added.diffId(), added.descriptor(), added.uncompressedBytes(), sources);
  }

  @Override
  public synchronized boolean remove(Digest blob) throws IOException {
    LayerBlob known = byBlob.get(blob);
    if (known == null) {
      return false;
    }
    files.delete(fileName(blob));
    forget(known);
    return true;
  }

  private void remember(LayerBlob layer) {
    byBlob.put(layer.descriptor().digest(), layer);
    byDiffId.merge(
        layer.diffId(),
        List.of(layer),
        (old, added) -> {
          List<LayerBlob> both = new ArrayList<>(old);
          both.addAll(added);
          return List.copyOf(both);
        });
  }

  private void forget(LayerBlob layer) {
    if (layer == null) {
      return;
    }
    byBlob.remove(layer.descriptor().digest());
    byDiffId.computeIfPresent(
        layer.diffId(),
        (k, old) -> {
          List<LayerBlob> rest =
              old.stream()
                  .filter(l -> !l.descriptor().digest().equals(layer.descriptor().digest()))
                  .toList();
          return rest.isEmpty() ? null : rest;
        });
  }

  private static String fileName(Digest blob) {
    return blob.algorithm().label() + "-" + blob.hex();
  }
}
