package io.slipway.dockerfile.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.dockerfile.ast.Instruction;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HealthcheckTimingTest {

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "+5s, PT5S",
    "5s, PT5S",
    "1h2m3s, PT1H2M3S",
    "1.5h, PT1H30M",
    ".5s, PT0.5S",
    "1.s, PT1S",
    "100ms, PT0.1S",
    "1us, PT0.000001S",
    "1µs, PT0.000001S",
    "3ns, PT0.000000003S",
    "-2m, PT-2M",
    "1m1m, PT2M",
    "2540400h, PT2540400H"
  })
  void readsDurationsAsGoDoes(String text, Duration expected) {
    assertThat(GoDuration.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "s", ".s", "..5s", "1d", "5", "1s5", "2562048h", "1e3s", "1 s"})
  void refusesOtherDurations(String text) {
    assertThatThrownBy(() -> GoDuration.parse(text))
        .isInstanceOf(FlagValueException.class)
        .hasMessageStartingWith("time: ");
  }

  @Test
  void readsTheFlags() {
    var file =
        DockerfileParser.parse(
            "FROM a\n"
                + "HEALTHCHECK --interval=5m --timeout=3s --start-period=1h --start-interval=1s"
                + " --retries=4 CMD x\n"
                + "HEALTHCHECK CMD x\n");
    var full = (Instruction.Healthcheck) file.instructions().get(1);
    assertThat(HealthcheckTiming.of(full))
        .isEqualTo(
            new HealthcheckTiming(
                Duration.ofMinutes(5),
                Duration.ofSeconds(3),
                Duration.ofHours(1),
                Duration.ofSeconds(1),
                4));
    var bare = (Instruction.Healthcheck) file.instructions().get(2);
    assertThat(HealthcheckTiming.of(bare))
        .isEqualTo(
            new HealthcheckTiming(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0));
  }
}
