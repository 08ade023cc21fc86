package io.slipway.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.engine.model.ContainerStatus;
import io.slipway.engine.state.ContainerState;
import io.slipway.engine.state.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals, durations, status texts and names: one line a case. */
class TextTablesTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @ParameterizedTest
  @CsvSource({
    "KILL,9",
    "SIGKILL,9",
    "sigterm,15",
    "9,9",
    "HUP,1",
    "SYS,31",
    "WINCH,28",
    "CONT,18",
    "RTMIN,34",
    "RTMIN+3,37",
    "SIGRTMAX,64",
    "RTMAX-1,63",
    "64,64"
  })
  void readsSignals(String text, int number) {
    assertThat(Signals.parse(text)).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"BOGUS", "0", "65", "-1", "", "RTMIN+x", "SIGSIGKILL"})
  void refusesOtherSignals(String text) {
    assertThatThrownBy(() -> Signals.parse(text)).hasMessage("invalid signal: " + text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, Less than a second",
    "1, 1 second",
    "59, 59 seconds",
    "60, About a minute",
    "119, About a minute",
    "120, 2 minutes",
    "3599, 59 minutes",
    "3600, About an hour",
    "7200, 2 hours",
    "172799, 2 days",
    "172800, 2 days",
    "1209600, 2 weeks",
    "5184000, 2 months",
    "63072000, 2 years"
  })
  void tellsDurations(long seconds, String text) {
    assertThat(HumanDuration.of(Duration.ofSeconds(seconds))).isEqualTo(text);
  }

  @Test
  void tellsTheStatus() {
    ContainerState created = ContainerState.CREATED;
    ContainerState running = created.running(7, NOW.minusSeconds(2));
    ContainerState exited = running.exited(137, false, NOW.minusSeconds(8));
    assertThat(StatusText.of(created, NOW)).isEqualTo("Created");
    assertThat(StatusText.of(running, NOW)).isEqualTo("Up 2 seconds");
    assertThat(StatusText.of(running.with(ContainerStatus.PAUSED), NOW))
        .isEqualTo("Up 2 seconds (Paused)");
    assertThat(StatusText.of(running.withHealth(Health.NEW), NOW))
        .isEqualTo("Up 2 seconds (health: starting)");
    Health.Result result = new Health.Result(NOW, NOW, 0, "");
    assertThat(StatusText.of(running.withHealth(Health.NEW.succeeded(result)), NOW))
        .isEqualTo("Up 2 seconds (healthy)");
    assertThat(StatusText.of(running.withHealth(Health.NEW.ended()), NOW))
        .isEqualTo("Up 2 seconds (unhealthy)");
    assertThat(StatusText.of(exited, NOW)).isEqualTo("Exited (137) 8 seconds ago");
    assertThat(StatusText.of(exited.with(ContainerStatus.RESTARTING), NOW))
        .isEqualTo("Restarting (137) 8 seconds ago");
    assertThat(StatusText.of(exited.with(ContainerStatus.REMOVING), NOW))
        .isEqualTo("Removal In Progress");
    assertThat(StatusText.of(exited.with(ContainerStatus.DEAD), NOW)).isEqualTo("Dead");
  }

  @Test
  void makesNames() {
    NameGenerator names = new NameGenerator(RandomGenerator.of("L64X128MixRandom"));
    for (int i = 0; i < 100; i++) {
      assertThat(names.next(0)).matches("[a-z]+_[a-z]+");
      assertThat(ContainerIndex.checkName(names.next(2))).matches("[a-z]+_[a-z]+\\d+");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "", "-x", "a b", "ü1", "/"})
  void refusesNames(String name) {
    assertThatThrownBy(() -> ContainerIndex.checkName(name))
        .hasMessage(
            "Invalid container name (" + name + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
  }

  @ParameterizedTest
  @CsvSource({
    "1700000000,1700000000000",
    "1700000000.5,1700000000500",
    "2024-01-01T00:00:00Z,1704067200000"
  })
  void readsLogTimes(String text, long millis) {
    assertThat(LogQuery.time("since", text)).contains(Instant.ofEpochMilli(millis));
  }
}
