package io.slipway.image.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.model.Bytes;
import io.slipway.image.model.ChainId;
import io.slipway.image.model.Digest;
import io.slipway.image.task.FanOut;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(10)
class CollectionTest {
  @TempDir private Path root;
  private final Leases leases = new Leases();

  private static Digest digest(String text) {
    return Bytes.utf8(text).digest();
  }

  @Test
  void marksWhatIsReachableAlsoInACycle() {
    Map<String, List<String>> edges =
        Map.of("a", List.of("b", "c"), "b", List.of("a"), "c", List.of(), "d", List.of("c"));
    assertThat(GarbageCollector.mark(List.of("a"), edges::get)).containsExactly("a", "b", "c");
    assertThat(GarbageCollector.mark(List.<String>of(), edges::get)).isEmpty();
  }

  @Test
  void sweepsOnlyOldUnpinnedGarbage() throws IOException {
    BlobStore store = DirectoryBlobStore.open(root, Duration.ZERO);
    VerifiedBlobs blobs = new VerifiedBlobs(store);
    Digest live = blobs.put(Bytes.utf8("live")).digest();
    Digest pinned = blobs.put(Bytes.utf8("pinned")).digest();
    Digest dead = blobs.put(Bytes.utf8("dead")).digest();
    GarbageCollector collector = new GarbageCollector(store, leases);
    assertThat(collector.sweep(Set.of(live), Instant.now().minusSeconds(60)).blobs()).isZero();
    Instant soon = Instant.now().plusSeconds(60);
    try (Lease lease = leases.open()) {
      lease.pin(pinned);
      assertThat(collector.sweep(Set.of(live), soon)).isEqualTo(new GarbageCollector.Swept(1, 4));
    }
    assertThat(store.stat(dead)).isEmpty();
    assertThat(store.stat(live)).isPresent();
    assertThat(store.stat(pinned)).isPresent();
    assertThat(collector.sweep(Set.of(live), soon).blobs()).isEqualTo(1);
  }

  @Test
  void aPinWaitsForARemovalUnderWay() throws Exception {
    CountDownLatch removing = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicBoolean removed = new AtomicBoolean();
    try (FanOut fanOut = new FanOut("test", 2)) {
      FanOut.Task<Boolean> removal =
          fanOut.fork(() ->
              leases.removeUnlessPinned(
                  digest("x"),
                  () -> {
                    removing.countDown();
                    release.await();
                    removed.set(true);
                  }));
      removing.await();
      FanOut.Task<Boolean> pin =
          fanOut.fork(() -> {
            try (Lease lease = leases.open()) {
              lease.pin(digest("x"));
              return removed.get();
            }
          });
      Thread.sleep(30);
      release.countDown();
      assertThat(pin.await()).as("pinned only after the removal").isTrue();
      assertThat(removal.await()).isTrue();
    }
  }

  @Test
  void pinsAreCounted() {
    Lease first = leases.open();
    Lease second = leases.open();
    first.pin(digest("x"));
    first.pin(digest("x"));
    second.pin(digest("x"));
    second.pin(ChainId.first(digest("y")));
    first.close();
    first.close();
    assertThat(leases.removeUnlessPinned(digest("x"), () -> {})).isFalse();
    assertThat(leases.pinnedSnapshots()).containsExactly(ChainId.first(digest("y")));
    second.close();
    assertThat(leases.removeUnlessPinned(digest("x"), () -> {})).isTrue();
    assertThat(leases.pinnedSnapshots()).isEmpty();
    assertThat(leases.pinnedBlobs()).isEmpty();
  }

  @Test
  void aBatchIsClaimedWithoutWaiting() {
    try (Lease lease = leases.open()) {
      lease.pin(digest("pinned"));
      leases.removeUnpinned(
          List.of(digest("a"), digest("pinned"), digest("b")),
          claimed -> {
            assertThat(claimed).containsExactlyInAnyOrder(digest("a"), digest("b"));
            leases.removeUnpinned(
                List.of(digest("a"), digest("c")),
                rest -> assertThat(rest).containsExactly(digest("c")));
          });
      lease.pin(digest("a"));
      leases.removeUnpinned(
          List.of(digest("a"), digest("b")),
          claimed -> assertThat(claimed).containsExactly(digest("b")));
    }
  }
}
