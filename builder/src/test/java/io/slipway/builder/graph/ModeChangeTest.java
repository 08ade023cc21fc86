package io.slipway.builder.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
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

  /** As BuildKit 0.25 changes directories with 2770, 4750 and 1777 and a file with 7755. */
  @ParameterizedTest
  @CsvSource({
    "'go=', 700, 4700, 1700, 5700",
    "'g=rx', 750, 4750, 1757, 5755",
    "'u=rwx', 2770, 750, 1777, 3755",
    "'a=', 0, 0, 1000, 1000",
    "'=rx', 555, 555, 1555, 1555",
    "'o=r', 2774, 4754, 1774, 7754",
    "'g-s', 770, 4750, 1777, 5755",
    "'u=', 2070, 50, 1077, 3055",
    "'g=u', 2770, 4770, 1777, 7775",
    "'o=g', 2777, 4755, 1777, 7755",
    "'u=s', 6070, 4050, 5077, 7055",
    "'ug=rws', 6660, 6660, 7667, 7665",
    "'a=rX,u+w', 755, 755, 1755, 1755",
    "'o=t', 2770, 4750, 1770, 7750",
    "'-t', 2770, 4750, 777, 6755",
    "'a=t', 1000, 1000, 1000, 1000"
  })
  void specialBits(String text, String group, String user, String sticky, String file) {
    ModeChange change = ModeChange.parse(text);
    assertThat(
            List.of(
                Integer.toOctalString(change.apply(02770, true)),
                Integer.toOctalString(change.apply(04750, true)),
                Integer.toOctalString(change.apply(01777, true)),
                Integer.toOctalString(change.apply(07755, false))))
        .containsExactly(group, user, sticky, file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"888", "77777", "u", "z=r", "u=q", "", "u=r,"})
  void refuses(String text) {
    assertThatThrownBy(() -> ModeChange.parse(text)).hasMessageContaining("invalid");
  }
}
