package io.slipway.engine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeFilterTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @ParameterizedTest
  @CsvSource({
    "1h30m, 2026-01-02T01:34:05Z",
    "10s, 2026-01-02T03:03:55Z",
    "1700000000.5, 2023-11-14T22:13:20.500Z",
    "2026-01-01T00:00:00+01:00, 2025-12-31T23:00:00Z"
  })
  void readsTimes(String text, Instant expected) {
    assertThat(TimeFilter.parse(text, NOW)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "10x", "-5m"})
  void refusesOthers(String text) {
    assertThatThrownBy(() -> TimeFilter.parse(text, NOW))
        .hasMessage("invalid filter 'until=" + text + "'");
  }

  @Test
  void oneLimitIsEnough() {
    assertThatThrownBy(() -> TimeFilter.until(Filters.parse("{\"until\":[\"1h\",\"2h\"]}"), NOW))
        .hasMessage("more than one until filter specified");
  }
}
