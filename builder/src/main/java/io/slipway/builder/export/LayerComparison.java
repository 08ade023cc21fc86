package io.slipway.builder.export;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarReader;
import io.slipway.runtime.layer.LayerWriter;
import io.slipway.runtime.layer.WriterOptions;
import io.slipway.runtime.snapshot.MountedView;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import io.slipway.runtime.snapshot.Snapshotter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Finds the first thing in which two built trees are not the same, layer by layer. */
public final class LayerComparison {
  private static final int PIPE_BYTES = 1 << 20;
  private static final int BUFFER = 1 << 16;

  private final Snapshotter snapshotter;

  public LayerComparison(Snapshotter snapshotter) {
    this.snapshotter = snapshotter;
  }

  /**
   * A place where two trees differ.
   *
   * @param layer which one, from 1, the base's included
   * @param how in what the entries differ
   */
  public record Difference(int layer, String path, String how) {
    /** For messages. */
    public String sentence() {
      return "layer " + layer + ": " + path + ": " + how;
    }
  }

  private record Entry(TarEntry header, Digest content) {}

  /** Empty if all layers are the same, byte for byte. Both trees must be identified. */
  public Optional<Difference> first(Optional<SnapshotKey> one, Optional<SnapshotKey> other)
      throws IOException {
    List<Snapshot.Committed> left = BuiltTree.of(snapshotter, one).layers();
    List<Snapshot.Committed> right = BuiltTree.of(snapshotter, other).layers();
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      if (!left.get(i).identity().equals(right.get(i).identity())) {
        return Optional.of(first(i + 1, entries(left.get(i)), entries(right.get(i))));
      }
    }
    return left.size() == right.size()
        ? Optional.empty()
        : Optional.of(new Difference(left.size(), "/", "another number of layers"));
  }

  private static Difference first(int layer, Map<String, Entry> left, Map<String, Entry> right) {
    var paths = new TreeSet<>(left.keySet());
    paths.addAll(right.keySet());
    for (String path : paths) {
      Entry a = left.get(path);
      Entry b = right.get(path);
      if (a == null || b == null) {
        return new Difference(layer, "/" + path, "only in the " + (a == null ? "second" : "first"));
      }
      Optional<String> how = how(a, b);
      if (how.isPresent()) {
        return new Difference(layer, "/" + path, how.get());
      }
    }
    return new Difference(layer, "/", "order of entries");
  }

  private static Optional<String> how(Entry a, Entry b) {
    TarEntry left = a.header;
    TarEntry right = b.header;
    if (left.type() != right.type()) {
      return Optional.of("type " + left.type() + " and " + right.type());
    }
    if (!a.content.equals(b.content) || left.size() != right.size()) {
      return Optional.of("content (" + left.size() + " and " + right.size() + " bytes)");
    }
    if (!left.linkName().equals(right.linkName())) {
      return Optional.of("link to " + left.linkName() + " and " + right.linkName());
    }
    if (left.mode() != right.mode()) {
      return Optional.of(String.format("mode %04o and %04o", left.mode(), right.mode()));
    }
    if (left.uid() != right.uid() || left.gid() != right.gid()) {
      return Optional.of(
          "owner " + (left.uid() + ":" + left.gid()) + " and " + (right.uid() + ":" + right.gid()));
    }
    if (!left.modified().equals(right.modified())) {
      return Optional.of(
          "modified at " + left.modified().seconds() + " and " + right.modified().seconds());
    }
    boolean attributes = left.xattrs().keySet().equals(right.xattrs().keySet());
    return attributes ? Optional.empty() : Optional.of("extended attributes");
  }

  private Map<String, Entry> entries(Snapshot.Committed layer) throws IOException {
    try (var out = new PipedOutputStream();
        var in = new PipedInputStream(out, PIPE_BYTES)) {
      var writing =
          new FutureTask<>(() -> {
            try (out) {
              write(layer, out);
            }
            return null;
          });
      Thread.ofVirtual().name("compare layer").start(writing);
      Map<String, Entry> entries = read(in);
      in.transferTo(OutputStream.nullOutputStream());
      writing.get();
      return entries;
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      throw new SlipwayException(ErrorKind.CANCELLED, "build cancelled", e);
    }
  }

  private void write(Snapshot.Committed layer, OutputStream out) throws IOException {
    var writer = new LayerWriter(WriterOptions.PLAIN);
    Optional<Snapshot> below = layer.parent().flatMap(snapshotter::find);
    if (below.isEmpty()) {
      writer.write(layer.changes(), Optional.empty(), out);
      return;
    }
    try (MountedView view = snapshotter.view(below.get())) {
      writer.write(layer.changes(), Optional.of(view.root()), out);
    }
  }

  private static Map<String, Entry> read(InputStream tar) throws IOException {
    var entries = new TreeMap<String, Entry>();
    var reader = new TarReader(tar);
    byte[] buffer = new byte[BUFFER];
    for (Optional<TarEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
      MessageDigest state = DigestAlgorithm.SHA256.newDigest();
      for (int n = reader.read(buffer, 0, BUFFER); n > 0; n = reader.read(buffer, 0, BUFFER)) {
        state.update(buffer, 0, n);
      }
      entries.put(
          entry.get().name(), new Entry(entry.get(), Digest.of(DigestAlgorithm.SHA256, state)));
    }
    return entries;
  }
}
