package io.slipway.builder.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoTextTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "1, 1ns",
    "1500, 1.5µs",
    "300000000, 300ms",
    "1500000000, 1.5s",
    "60000000000, 1m0s",
    "3600000000000, 1h0m0s",
    "5430500000000, 1h30m30.5s"
  })
  void durations(long nanos, String text) {
    assertThat(GoText.duration(Duration.ofNanos(nanos))).isEqualTo(text);
  }

  @Test
  void quotes() {
    assertThat(GoText.quote("a\"b\\c\n\t\u0001é\u00a0\u200b"))
        .isEqualTo("\"a\\\"b\\\\c\\n\\t\\x01é\\u00a0\\u200b\"");
  }
}
