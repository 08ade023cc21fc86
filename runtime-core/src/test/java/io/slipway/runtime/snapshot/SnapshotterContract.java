package io.slipway.runtime.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.content.Lease;
import io.slipway.image.content.Leases;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.ChainId;
import io.slipway.image.model.Digest;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link Snapshotter} does. Needs root. */
public abstract class SnapshotterContract {
  protected static final Optional<SnapshotKey> NOTHING = Optional.empty();

  @TempDir protected Path directory;
  protected final Leases leases = new Leases();
  protected Snapshotter snapshotter;

  /** Opens the snapshotter to be tested, empty, on {@link #directory}. */
  protected abstract Snapshotter open() throws IOException;

  protected abstract void close(Snapshotter opened) throws IOException;

  @BeforeEach
  void openSnapshotter() throws IOException {
    snapshotter = open();
  }

  @AfterEach
  void closeSnapshotter() throws IOException {
    close(snapshotter);
  }

  /** An action on a mounted tree. */
  protected interface Change {
    void on(Path root) throws IOException;
  }

  protected final Snapshot.Committed committed(
      String name, Optional<SnapshotKey> parent, Change change) throws IOException {
    Snapshot.Active active = snapshotter.prepare(key("making/" + name), parent, Lifetime.OPERATION);
    write(active, change);
    return snapshotter.commit(active, key(name));
  }

  protected final void write(Snapshot snapshot, Change change) throws IOException {
    try (MountedView view = snapshotter.view(snapshot)) {
      change.on(view.root());
    }
  }

  protected static SnapshotKey key(String value) {
    return new SnapshotKey(value);
  }

  protected static void put(Path root, String name, String content) throws IOException {
    Files.createDirectories(root.resolve(name).getParent());
    Files.writeString(root.resolve(name), content);
  }

  @Test
  void aChildSeesItsParentAndChangesOnlyItself() throws IOException {
    var base =
        committed(
            "base",
            NOTHING,
            root -> {
              put(root, "a", "1");
              put(root, "d/b", "2");
            });
    var child =
        committed(
            "child",
            Optional.of(base.key()),
            root -> {
              assertThat(root.resolve("a")).hasContent("1");
              Files.delete(root.resolve("a"));
              put(root, "d/b", "changed");
              put(root, "d/c", "3");
            });

    write(
        child,
        root -> {
          assertThat(root.resolve("a")).doesNotExist();
          assertThat(root.resolve("d/b")).hasContent("changed");
          assertThat(root.resolve("d/c")).hasContent("3");
        });
    write(
        base,
        root -> {
          assertThat(root.resolve("a")).hasContent("1");
          assertThat(root.resolve("d/b")).hasContent("2");
          assertThat(root.resolve("d/c")).doesNotExist();
        });
  }

  @Test
  void aCommittedSnapshotCannotBeWrittenTo() throws IOException {
    var base = committed("base", NOTHING, root -> put(root, "a", "1"));

    assertThatThrownBy(() -> write(base, root -> put(root, "b", "2")))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  void anActiveSnapshotCanBeMountedAgain() throws IOException {
    var active = snapshotter.prepare(key("a"), NOTHING, Lifetime.OPERATION);
    write(active, root -> put(root, "x", "1"));
    write(active, root -> put(root, "y", "2"));
    write(active, root -> assertThat(root.resolve("x")).hasContent("1"));
  }

  @Test
  void keysAreFoundWhileTheyLast() throws IOException {
    var active = snapshotter.prepare(key("active"), NOTHING, Lifetime.CONTAINER);
    assertThat(snapshotter.find(key("active"))).contains(active);

    var done = snapshotter.commit(active, key("done"));

    assertThat(snapshotter.find(key("active"))).isEmpty();
    assertThat(snapshotter.find(key("done"))).contains(done);
    assertThat(done.parent()).isEmpty();
  }

  @Test
  void anIdentifiedSnapshotIsFoundByItsChain() throws IOException {
    var base = committed("base", NOTHING, root -> put(root, "a", "1"));
    Digest diffId = Digest.of("layer".getBytes());
    var identity = new LayerIdentity(diffId, ChainId.first(diffId), 1024);
    assertThat(snapshotter.find(identity.chainId())).isEmpty();

    var identified = snapshotter.identify(base.key(), identity);

    assertThat(identified.identity()).contains(identity);
    assertThat(snapshotter.find(identity.chainId())).contains(identified);
    assertThat(snapshotter.find(base.key())).contains(identified);
    assertThat(snapshotter.identify(base.key(), identity)).isEqualTo(identified);

    snapshotter.remove(base.key());
    assertThat(snapshotter.find(identity.chainId())).isEmpty();
  }

  @Test
  void theSecondCommitOfANameYieldsTheFirst() throws IOException {
    var first = committed("same", NOTHING, root -> put(root, "a", "first"));
    var active = snapshotter.prepare(key("again"), NOTHING, Lifetime.OPERATION);

    assertThat(snapshotter.commit(active, key("same"))).isEqualTo(first);
    assertThat(snapshotter.find(key("again"))).isEmpty();
    write(first, root -> assertThat(root.resolve("a")).hasContent("first"));
  }

  @Test
  void concurrentCommitsOfANameAgree() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Snapshot.Committed>> tasks =
          IntStream.range(0, 8)
              .<Callable<Snapshot.Committed>>mapToObj(i ->
                  () ->
                      snapshotter.commit(
                          snapshotter.prepare(key("try/" + i), NOTHING, Lifetime.OPERATION),
                          key("one")))
              .toList();
      for (Future<Snapshot.Committed> result : threads.invokeAll(tasks)) {
        assertThat(result.get()).isEqualTo(snapshotter.find(key("one")).orElseThrow());
      }
    }
  }

  @Test
  void concurrentIdentificationsAgree() throws Exception {
    var base = committed("base", NOTHING, root -> put(root, "a", "1"));
    Digest diffId = Digest.of("layer".getBytes());
    var identity = new LayerIdentity(diffId, ChainId.first(diffId), 1024);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Snapshot.Committed>> tasks =
          IntStream.range(0, 8)
              .<Callable<Snapshot.Committed>>mapToObj(
                  i -> () -> snapshotter.identify(base.key(), identity))
              .toList();
      for (Future<Snapshot.Committed> result : threads.invokeAll(tasks)) {
        assertThat(result.get().identity()).contains(identity);
      }
    }
  }

  @Test
  void takenAndUnknownKeysAreRefused() throws IOException {
    committed("base", NOTHING, root -> {});
    var active = snapshotter.prepare(key("active"), NOTHING, Lifetime.OPERATION);

    assertKind(
        ErrorKind.CONFLICT, () -> snapshotter.prepare(key("base"), NOTHING, Lifetime.OPERATION));
    assertKind(
        ErrorKind.NOT_FOUND,
        () -> snapshotter.prepare(key("x"), Optional.of(key("missing")), Lifetime.OPERATION));
    assertKind(
        ErrorKind.CONFLICT,
        () -> snapshotter.prepare(key("x"), Optional.of(key("active")), Lifetime.OPERATION));
    snapshotter.remove(active.key());
    assertKind(ErrorKind.NOT_FOUND, () -> snapshotter.commit(active, key("y")));
    assertKind(
        ErrorKind.NOT_FOUND,
        () ->
            snapshotter.identify(
                key("missing"),
                new LayerIdentity(
                    Digest.of(new byte[0]), ChainId.first(Digest.of(new byte[0])), 0)));
  }

  @Test
  void aSnapshotIsRemovedOnlyWhenNothingStandsOnIt() throws IOException {
    var base = committed("base", NOTHING, root -> put(root, "a", "1"));
    var child = committed("child", Optional.of(base.key()), root -> put(root, "b", "2"));
    var active = snapshotter.prepare(key("top"), Optional.of(child.key()), Lifetime.OPERATION);

    assertKind(ErrorKind.CONFLICT, () -> snapshotter.remove(base.key()));
    assertKind(ErrorKind.CONFLICT, () -> snapshotter.remove(child.key()));
    assertThat(snapshotter.remove(active.key())).isTrue();
    assertThat(snapshotter.remove(child.key())).isTrue();
    assertThat(snapshotter.remove(base.key())).isTrue();
    assertThat(snapshotter.remove(base.key())).isFalse();
    assertThat(snapshotter.find(base.key())).isEmpty();
  }

  @Test
  void aPinnedSnapshotIsKept() throws IOException {
    var base = committed("base", NOTHING, root -> put(root, "a", "1"));
    Digest diffId = Digest.of("x".getBytes());
    snapshotter.identify(base.key(), new LayerIdentity(diffId, ChainId.first(diffId), 1024));

    try (Lease lease = leases.open()) {
      lease.pin(ChainId.first(diffId));
      assertKind(ErrorKind.CONFLICT, () -> snapshotter.remove(base.key()));
    }
    assertThat(snapshotter.remove(base.key())).isTrue();
  }

  @Test
  void theRootLooksLikeTheParents() throws IOException {
    var base =
        committed(
            "base",
            NOTHING,
            root ->
                Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x---")));
    var child = snapshotter.prepare(key("child"), Optional.of(base.key()), Lifetime.OPERATION);

    write(
        child,
        root ->
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                .isEqualTo("rwx--x---"));
  }

  @Test
  void usageCountsOwnFilesOnce() throws IOException {
    var base = committed("base", NOTHING, root -> put(root, "big", "x".repeat(5000)));
    var child =
        committed(
            "child",
            Optional.of(base.key()),
            root -> {
              put(root, "d/a", "123");
              Files.createLink(root.resolve("d/b"), root.resolve("d/a"));
            });

    assertThat(base.usage()).isEqualTo(new Usage(5000, 1));
    assertThat(child.usage()).isEqualTo(new Usage(3, 3));
  }

  @Test
  void stacksMayBeDeep() throws IOException {
    Optional<SnapshotKey> parent = NOTHING;
    for (int i = 0; i < 200; i++) {
      String name = "file" + i;
      parent = Optional.of(committed("layer/" + i, parent, root -> put(root, name, name)).key());
    }
    var top = snapshotter.prepare(key("top"), parent, Lifetime.OPERATION);

    write(
        top,
        root -> {
          assertThat(root.resolve("file0")).hasContent("file0");
          try (var files = Files.list(root)) {
            assertThat(files).hasSize(200);
          }
        });
  }

  protected static void assertKind(
      ErrorKind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }
}
