package io.slipway.engine.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.builder.graph.StepLimits;
import io.slipway.engine.http.Query;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.spec.Resources;
import io.slipway.runtime.spec.Rlimit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LimitsQueryTest {
  private static StepLimits read(String query) {
    return new LimitsQuery(Query.parse(query)).read();
  }

  @Test
  void nothingAskedForSetsNothing() {
    assertThat(read("memory=0&memswap=&cpushares=0&cpusetcpus=&ulimits=null"))
        .isEqualTo(StepLimits.NONE);
  }

  @Test
  void readsMemoryWithDockersDefaultOfTwiceForSwap() {
    assertThat(read("memory=67108864").memory()).isEqualTo(Resources.Memory.limit(64 << 20));
    assertThat(read("memory=67108864&memswap=-1").memory().swapBytes())
        .isEqualTo(OptionalLong.of(-1));
    assertThat(read("memory=67108864&memswap=70000000").memory().swapBytes())
        .isEqualTo(OptionalLong.of(70_000_000));
  }

  @Test
  void readsProcessorsAndUlimits() {
    StepLimits limits =
        read(
            "cpushares=512&cpuperiod=50000&cpuquota=25000&cpusetcpus=0-1&cpusetmems=0"
                + "&ulimits=%5B%7B%22Name%22%3A%22nofile%22%2C%22Soft%22%3A7%2C%22Hard%22%3A8%7D%5D"
                + "&cgroupparent=/of/builds");
    assertThat(limits.cgroupParent()).contains("/of/builds");
    assertThat(limits.cpu())
        .isEqualTo(
            new Resources.Cpu(
                OptionalLong.of(512),
                OptionalLong.of(25_000),
                OptionalLong.of(50_000),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.of("0-1"),
                Optional.of("0")));
    assertThat(limits.rlimits()).containsExactly(new Rlimit(Rlimit.Kind.NOFILE, 7, 8));
  }

  @Test
  void namesWhatIsWrong() {
    Map.of(
            "memory=x", "invalid value for memory: x",
            "memory=1000", "Minimum memory limit allowed is 6MB",
            "memswap=9000000", "You should always set the Memory limit",
            "memory=9000000&memswap=8000000", "Minimum memoryswap limit should be larger",
            "cpushares=-", "invalid value for cpushares: -",
            "ulimits=x", "ulimits is not a JSON array: x",
            "ulimits=%5B%7B%22Name%22%3A%22zz%22%7D%5D", "invalid ulimit type: zz",
            "ulimits=%5B%7B%22Name%22%3A%22core%22%2C%22Soft%22%3A2%2C%22Hard%22%3A1%7D%5D",
                "ulimit soft limit must be less than or equal to hard limit")
        .forEach((query, message) ->
            assertThatThrownBy(() -> read(query))
                .as(query)
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining(message));
  }
}
