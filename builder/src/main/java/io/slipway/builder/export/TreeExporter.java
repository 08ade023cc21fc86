package io.slipway.builder.export;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.tar.TarTime;
import io.slipway.runtime.layer.ApplyOptions;
import io.slipway.runtime.layer.LayerApplier;
import io.slipway.runtime.layer.LayerWriter;
import io.slipway.runtime.layer.WriterOptions;
import io.slipway.runtime.snapshot.MountedView;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import io.slipway.runtime.snapshot.Snapshotter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Gives out a built file tree itself, as a tar or in a directory. */
public final class TreeExporter {
  private static final int PIPE_BYTES = 1 << 20;

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

  /** Copies the whole tree into a directory, over what is there. */
  public void directory(Optional<SnapshotKey> top, OptionalLong epoch, Path target)
      throws IOException {
    Files.createDirectories(target);
    try (var out = new PipedOutputStream();
        var in = new PipedInputStream(out, PIPE_BYTES)) {
      var writing =
          new FutureTask<>(() -> {
            try (out) {
              tar(top, epoch, out);
            }
            return null;
          });
      Thread.ofVirtual().name("export tree").start(writing);
      new LayerApplier(ApplyOptions.ARCHIVE).apply(in, target, Optional.empty());
      in.transferTo(OutputStream.nullOutputStream());
      writing.get();
    } catch (ExecutionException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "export to " + target + ": " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      throw new SlipwayException(ErrorKind.CANCELLED, "build cancelled", e);
    }
  }
}
