package io.slipway.builder.prune;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PruneRequestTest {
  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");

  private static OptionalLong bytes(Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  @ParameterizedTest
  @CsvSource({
    // reserved, max, min free, what is left of 100 bytes with 50 free
    "0, , , 0",
    "30, , , 30",
    "0, 80, , 80",
    "90, 80, , 90",
    "0, , 40, 100",
    "0, , 60, 90",
    "95, , 60, 95",
    "0, 70, 60, 70",
    "0, 95, 60, 90",
    "0, , 500, 0"
  })
  void limitsTogether(long reserved, Long max, Long minFree, long left) {
    var request =
        new PruneRequest(item -> true, Optional.empty(), reserved, bytes(max), bytes(minFree));
    assertThat(request.target(100, 50)).isEqualTo(left);
  }

  @Test
  void takesWhatIsOldEnoughAndWanted() {
    var request =
        new PruneRequest(
            item -> item.description().equals("wanted"),
            Optional.of(NOW),
            0,
            OptionalLong.empty(),
            OptionalLong.empty());
    assertThat(request.accepts(item("wanted", NOW.minusSeconds(1)))).isTrue();
    assertThat(request.accepts(item("wanted", NOW))).isFalse();
    assertThat(request.accepts(item("other", NOW.minusSeconds(1)))).isFalse();
  }

  private static CachedItem item(String description, Instant used) {
    return new CachedItem(
        "id", CachedItem.Type.STEP, Optional.empty(), description, 1, used, used, 1, false, false);
  }
}
