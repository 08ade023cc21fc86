package io.slipway.runtime.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.model.ChainId;
import io.slipway.image.model.Digest;
import io.slipway.runtime.linux.OverlayMount;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SnapshotCollectorTest {
  private static final Instant OLD = Instant.ofEpochSecond(100);
  private static final Instant NOW = Instant.ofEpochSecond(1000);

  private final List<Snapshot> all = new ArrayList<>();

  private static SnapshotKey key(String name) {
    return new SnapshotKey(name);
  }

  private static ChainId chain(String name) {
    return ChainId.first(Digest.of(name.getBytes()));
  }

  private void committed(String name, String parent, Instant created) {
    ChainId chain = chain(name);
    all.add(
        new Snapshot.Committed(
            key(name),
            Optional.ofNullable(parent).map(SnapshotKey::new),
            new OverlayMount(List.of(Path.of("x")), Optional.empty()),
            Path.of("x"),
            Optional.of(new LayerIdentity(chain.digest(), chain, 0)),
            Usage.NONE,
            created));
  }

  private void active(String name, String parent) {
    var writable = new OverlayMount.Writable(Path.of("u"), Path.of("w"), false);
    all.add(
        new Snapshot.Active(
            key(name),
            Optional.of(key(parent)),
            new OverlayMount(List.of(Path.of("x")), Optional.of(writable)),
            Lifetime.CONTAINER));
  }

  private List<String> dead(Set<ChainId> chains, Set<SnapshotKey> keys) {
    return SnapshotCollector.dead(all, new SnapshotCollector.Roots(chains, keys), NOW).stream()
        .map(snapshot -> snapshot.key().value())
        .toList();
  }

  @Test
  void whatNothingNeedsGoesFromTheTop() {
    committed("base", null, OLD);
    committed("middle", "base", OLD);
    committed("top", "middle", OLD);
    committed("side", "base", OLD);

    assertThat(dead(Set.of(), Set.of()))
        .containsExactlyInAnyOrder("base", "middle", "top", "side")
        .endsWith("base")
        .containsSubsequence("top", "middle", "base");
  }

  @Test
  void rootsKeepWhatIsBelowThem() {
    committed("top", "middle", OLD);
    committed("middle", "base", OLD);
    committed("base", null, OLD);
    committed("cached", "base", OLD);

    assertThat(dead(Set.of(chain("middle")), Set.of())).containsExactlyInAnyOrder("top", "cached");
    assertThat(dead(Set.of(), Set.of(key("cached")))).containsExactly("top", "middle");
  }

  @Test
  void containersAndYoungSnapshotsKeepTheirs() {
    committed("base", null, OLD);
    committed("used", "base", OLD);
    active("container", "used");
    committed("forgotten", "base", OLD);
    committed("young", "forgotten", NOW);

    assertThat(dead(Set.of(), Set.of())).isEmpty();
  }
}
