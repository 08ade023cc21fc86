package io.slipway.runtime.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.model.ChainId;
import io.slipway.image.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OverlaySnapshotterIT extends SnapshotterContract {

  @Override
  protected Snapshotter open() throws IOException {
    return OverlaySnapshotter.open(directory.resolve("snapshots"), leases);
  }

  @Override
  protected void close(Snapshotter opened) throws IOException {
    ((OverlaySnapshotter) opened).close();
  }

  private OverlaySnapshotter overlay() {
    return (OverlaySnapshotter) snapshotter;
  }

  /** As after kill -9: the old object is not closed before the new one is opened. */
  private Recovery reopenAfterKill() throws IOException {
    snapshotter = open();
    return overlay().recovery();
  }

  @Test
  void commitsAndContainersSurviveAKill() throws IOException {
    var base = committed("base", NOTHING, root -> put(root, "a", "1"));
    Digest diffId = Digest.of("x".getBytes());
    base = snapshotter.identify(base.key(), new LayerIdentity(diffId, ChainId.first(diffId), 1024));
    var container =
        snapshotter.prepare(key("container/1"), Optional.of(base.key()), Lifetime.CONTAINER);
    write(container, root -> put(root, "data", "kept"));

    assertThat(reopenAfterKill().isClean()).isTrue();

    assertThat(overlay().list()).containsExactlyInAnyOrder(base, container);
    assertThat(snapshotter.find(ChainId.first(diffId))).contains(base);
    write(container, root -> assertThat(root.resolve("data")).hasContent("kept"));
    assertKind(ErrorKind.CONFLICT, () -> snapshotter.remove(key("base")));
    var next = snapshotter.prepare(key("next"), Optional.of(base.key()), Lifetime.OPERATION);
    assertThat(next.changes()).isNotEqualTo(container.changes());
  }

  @Test
  void numbersOfWhatIsStillBeingDeletedAreNotGivenAgain() throws IOException {
    snapshotter.prepare(key("first"), Optional.empty(), Lifetime.CONTAINER);
    snapshotter.remove(key("first"));

    reopenAfterKill();

    snapshotter.prepare(key("second"), Optional.empty(), Lifetime.CONTAINER);
    snapshotter.remove(key("second"));
    assertThat(snapshotter.find(key("second"))).isEmpty();
  }

  @Test
  void halfMadeSnapshotsAreRemovedAndTold() throws IOException {
    var base = committed("base", NOTHING, root -> put(root, "a", "1"));
    var step = snapshotter.prepare(key("step"), Optional.of(base.key()), Lifetime.OPERATION);
    write(step, root -> put(root, "half", "made"));
    Path interruptedRemoval = directory.resolve("snapshots/removed-99");
    Files.createDirectories(interruptedRemoval.resolve("fs"));

    Recovery recovery = reopenAfterKill();
    overlay().close();

    assertThat(recovery.unfinished()).isEqualTo(2);
    assertThat(step.changes().getParent()).doesNotExist();
    assertThat(interruptedRemoval).doesNotExist();
    snapshotter = open();
    assertThat(overlay().recovery().isClean()).isTrue();
    assertThat(overlay().list()).containsExactly(base);
  }

  @Test
  void whatAPowerFailureMayHaveDamagedIsGivenUp() throws IOException {
    var safe = committed("safe", NOTHING, root -> put(root, "a", "1"));
    overlay().close();
    snapshotter = open();
    var late = committed("late", Optional.of(safe.key()), root -> put(root, "b", "2"));
    var onLate = committed("child", Optional.of(late.key()), root -> {});
    var container =
        snapshotter.prepare(key("container/1"), Optional.of(late.key()), Lifetime.CONTAINER);
    write(container, root -> put(root, "data", "precious"));
    pretendOtherBoot();

    Recovery recovery = reopenAfterKill();

    assertThat(recovery.unsynced()).containsExactlyInAnyOrder(late.key(), onLate.key());
    assertThat(recovery.broken()).containsExactly(container.key());
    assertThat(overlay().list()).containsExactly(safe);
    Path kept = directory.resolve("snapshots").resolve("broken-" + numberOf(container));
    assertThat(kept.resolve("fs/data")).hasContent("precious");
  }

  @Test
  void aCutOffRecordCountsAsHalfMade() throws IOException {
    var base = committed("base", NOTHING, root -> put(root, "a", "1"));
    Files.write(base.changes().resolveSibling("committed.json"), new byte[0]);

    assertThat(reopenAfterKill().unfinished()).isEqualTo(1);
    assertThat(overlay().list()).isEmpty();
  }

  @Test
  void namesInAForeignEncodingAndDeepTreesAreRemoved() throws Exception {
    var active = snapshotter.prepare(key("a"), NOTHING, Lifetime.OPERATION);
    Process process =
        new ProcessBuilder("perl", "-e", DEEP, active.changes().toString()).inheritIO().start();
    assertThat(process.waitFor()).isZero();

    snapshotter.remove(active.key());
    overlay().close();

    try (var left = Files.list(directory.resolve("snapshots"))) {
      assertThat(left.map(p -> p.getFileName().toString())).containsExactlyInAnyOrder("empty");
    }
    snapshotter = open();
  }

  @Test
  void collectionLeavesWhatIsInUse() throws IOException {
    var base = committed("base", NOTHING, root -> put(root, "a", "12345"));
    var kept = committed("kept", Optional.of(base.key()), root -> {});
    var dead = committed("dead", Optional.of(base.key()), root -> put(root, "b", "123"));
    var pinned = committed("pinned", Optional.of(base.key()), root -> {});
    Digest diffId = Digest.of("pinned".getBytes());
    snapshotter.identify(pinned.key(), new LayerIdentity(diffId, ChainId.first(diffId), 1024));
    var collector = new SnapshotCollector(overlay());
    var roots = new SnapshotCollector.Roots(Set.of(), Set.of(kept.key()));

    try (var lease = leases.open()) {
      lease.pin(ChainId.first(diffId));
      assertThat(collector.collect(roots, Instant.now().plusSeconds(1)))
          .isEqualTo(new SnapshotCollector.Collected(1, 3));
    }
    assertThat(snapshotter.find(dead.key())).isEmpty();
    assertThat(snapshotter.find(pinned.key())).isPresent();
    assertThat(collector.collect(roots, Instant.EPOCH).snapshots()).isZero();
  }

  /** A name that is not UTF-8, and directories nested deeper than any path can say. */
  private static final String DEEP =
      "chdir $ARGV[0] or die; open F, '>', \"caf\\351\" or die; close F;"
          + " for (1..1500) { mkdir 'dddddddd' or die; chdir 'dddddddd' or die; }";

  private static String numberOf(Snapshot snapshot) {
    return snapshot.changes().getParent().getFileName().toString();
  }

  private void pretendOtherBoot() throws IOException {
    try (var all = Files.walk(directory.resolve("snapshots"), 2)) {
      for (Path file : all.filter(p -> p.endsWith("committed.json")).toList()) {
        String text = Files.readString(file);
        Files.writeString(
            file, text.replaceAll("\"boot\":\"[^\"]*\"", "\"boot\":\"an-earlier-one\""));
      }
    }
  }
}
