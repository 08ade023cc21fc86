package io.slipway.builder.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownArgumentsTest {
  @ParameterizedTest
  @CsvSource({"1, true", "true, true", "T, true", "0, false", "False, false", "'', false"})
  void readsWhatGoCallsTruth(String value, boolean truth) {
    for (KnownArguments argument : KnownArguments.values()) {
      assertThat(argument.in(Map.of(argument.name(), value))).isEqualTo(truth);
      assertThat(argument.in(Map.of())).isFalse();
    }
  }

  @Test
  void saysWhatIsNeither() {
    var given = Map.of("BUILDKIT_MULTI_PLATFORM", "yes");
    assertThatThrownBy(() -> KnownArguments.BUILDKIT_MULTI_PLATFORM.in(given))
        .isInstanceOf(SlipwayException.class)
        .hasMessage("invalid boolean value for BUILDKIT_MULTI_PLATFORM: yes");
  }
}
