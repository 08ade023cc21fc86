package io.slipway.builder.export;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarReader;
import io.slipway.image.tar.TarTime;
import io.slipway.image.tar.TarType;
import io.slipway.image.tar.TarWriter;
import io.slipway.runtime.layer.ApplyOptions;
import io.slipway.runtime.layer.LayerApplier;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Gives out a built file tree itself, as a tar or in a directory. */
public final class TreeExporter {
  private static final int PIPE_BYTES = 1 << 20;
  private static final int PLATFORM_DIRECTORY = 0755;

  private final Snapshotter snapshotter;

  public TreeExporter(Snapshotter snapshotter) {
    this.snapshotter = snapshotter;
  }

  /**
   * Writes the whole tree as a tar; the stream is flushed, not closed.
   *
   * @param epoch seconds that no modification time exceeds
   */
  public void tar(Optional<SnapshotKey> top, OptionalLong epoch, OutputStream out)
      throws IOException {
    Optional<TarTime> newest =
        epoch.isPresent() ? Optional.of(new TarTime(epoch.getAsLong(), 0)) : Optional.empty();
    var writer = new LayerWriter(new WriterOptions(newest, Set.of()));
    if (top.isEmpty()) {
      Path empty = Files.createTempDirectory("slipway-empty");
      try {
        writer.write(empty, Optional.empty(), out);
      } finally {
        Files.delete(empty);
      }
      return;
    }
    Snapshot snapshot =
        snapshotter
            .find(top.get())
            .orElseThrow(() -> SlipwayException.notFound("no snapshot " + top.get()));
    try (MountedView view = snapshotter.view(snapshot)) {
      writer.write(view.root(), Optional.empty(), out);
    }
  }

  /**
   * Writes built trees as a tar; of several, each in a directory called after its platform, such as
   * {@code linux_arm64}.
   *
   * @param apart whether that holds for one alone, too
   */
  public void tar(List<Built> built, boolean apart, OutputStream out) throws IOException {
    if (built.size() == 1 && !apart) {
      Built only = built.getFirst();
      tar(only.top(), only.plan().sourceDateEpoch(), out);
      return;
    }
    TarWriter all = new TarWriter(out);
    for (Built one : built) {
      String prefix = one.plan().image().platform().toString().replace('/', '_') + "/";
      all.put(TarEntry.directory(prefix, PLATFORM_DIRECTORY, TarTime.EPOCH));
      piped(
          target -> tar(one.top(), one.plan().sourceDateEpoch(), target),
          in -> append(in, prefix, all));
    }
    all.finish();
    out.flush();
  }

  private static void append(InputStream in, String prefix, TarWriter all) throws IOException {
    TarReader reader = new TarReader(in);
    byte[] buffer = new byte[PIPE_BYTES];
    for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
      TarEntry entry = next.get().withName(prefix + next.get().name());
      boolean link = entry.type() == TarType.HARD_LINK;
      all.put(link ? entry.withLinkName(prefix + entry.linkName()) : entry);
      if (entry.type() == TarType.FILE) {
        for (int n = reader.read(buffer, 0, buffer.length);
            n > 0;
            n = reader.read(buffer, 0, buffer.length)) {
          all.write(buffer, 0, n);
        }
      }
    }
  }

  /** Copies built trees into a directory, over what is there. */
  public void directory(List<Built> built, boolean apart, Path target) throws IOException {
    Files.createDirectories(target);
    piped(
        out -> tar(built, apart, out),
        in -> new LayerApplier(ApplyOptions.ARCHIVE).apply(in, target, Optional.empty()));
  }

  @FunctionalInterface
  private interface Writing {
    void to(OutputStream out) throws IOException;
  }

  @FunctionalInterface
  private interface Reading {
    void from(InputStream in) throws IOException;
  }

  private static void piped(Writing writer, Reading reader) throws IOException {
    try (var out = new PipedOutputStream();
        var in = new PipedInputStream(out, PIPE_BYTES)) {
      var writing =
          new FutureTask<>(() -> {
            try (out) {
              writer.to(out);
            }
            return null;
          });
      Thread.ofVirtual().name("export tree").start(writing);
      reader.from(in);
      in.transferTo(OutputStream.nullOutputStream());
      writing.get();
    } catch (ExecutionException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "exporting files: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      throw new SlipwayException(ErrorKind.CANCELLED, "build cancelled", e);
    }
  }
}
