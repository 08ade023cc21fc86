package io.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PackageGraphTest {
  @Test
  void namesEachCycle() {
    var graph = new PackageGraph(Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of("b")));
    assertThat(graph.cycles()).containsExactly("b -> c -> b");
  }

  @Test
  void aDiamondIsNoCycle() {
    var graph =
        new PackageGraph(
            Map.of("a", Set.of("b", "c"), "b", Set.of("d"), "c", Set.of("d"), "d", Set.of()));
    assertThat(graph.cycles()).isEmpty();
  }
}
