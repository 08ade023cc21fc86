package io.slipway.builder.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModeChangeTest {

  @ParameterizedTest
  @CsvSource({
    "'0', 644, false, 0",
    "'4755', 644, false, 4755",
    "'u=rwX,go=rX', 600, false, 644",
    "'u=rwX,go=rX', 600, true, 755",
    "'u=rwX,go=rX', 700, false, 755",
    "'+x', 644, false, 755",
    "'g=u', 640, false, 660",
    "'a-w', 666, false, 444",
    "'u+s', 755, false, 4755",
    "'ug+s,+t', 755, true, 7755",
    "'o=', 777, false, 770"
  })
  void changes(String text, String before, boolean directory, String after) {
    int mode = ModeChange.parse(text).apply(Integer.parseInt(before, 8), directory);
    assertThat(Integer.toOctalString(mode)).isEqualTo(after);
  }

  @ParameterizedTest
  @ValueSource(strings = {"888", "77777", "u", "z=r", "u=q", "", "u=r,"})
  void refuses(String text) {
    assertThatThrownBy(() -> ModeChange.parse(text)).hasMessageContaining("invalid");
  }
}
