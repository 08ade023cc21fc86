package io.slipway.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.runtime.spec.ContainerDefaults;
import io.slipway.runtime.spec.Resources.DeviceRule;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceProgramTest {
  private static final OptionalLong ANY = OptionalLong.empty();

  /** Runs the few eBPF instructions a device program has. */
  private static boolean allows(
      DeviceProgram program, char type, int major, int minor, String access) {
    int wanted =
        (access.contains("m") ? 1 : 0)
            | (access.contains("r") ? 2 : 0)
            | (access.contains("w") ? 4 : 0);
    int[] context = {wanted << 16 | (type == 'b' ? 1 : 2), major, minor};
    int[] r = new int[10];
    for (int at = 0; ; at++) {
      long word = program.instructions().get(at);
      int to = (int) (word >> 8 & 15);
      int from = (int) (word >> 12 & 15);
      int offset = (short) (word >> 16);
      int constant = (int) (word >> 32);
      switch ((int) (word & 0xff)) {
        case 0x61 -> r[to] = context[offset / 4];
        case 0xbc -> r[to] = r[from];
        case 0xb4 -> r[to] = constant;
        case 0x54 -> r[to] &= constant;
        case 0x74 -> r[to] >>>= constant;
        case 0x55 -> at += r[to] != constant ? offset : 0;
        case 0x15 -> at += r[to] == constant ? offset : 0;
        case 0x5d -> at += r[to] != r[from] ? offset : 0;
        case 0x95 -> {
          return r[0] == 1;
        }
        default -> throw new IllegalStateException("unknown code in " + Long.toHexString(word));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "c, 1, 3, rw, true", "c, 1, 5, r, true", "c, 5, 0, rwm, true", "c, 136, 7, rw, true",
    "c, 1, 1, r, false", "c, 1, 1, m, true", "b, 8, 0, r, false", "b, 8, 0, m, true",
    "b, 8, 0, rm, false", "c, 10, 200, rw, true", "c, 10, 229, rw, false", "b, 1, 3, r, false",
  })
  void answersDockersDefaultRules(char type, int major, int minor, String access, boolean answer) {
    DeviceProgram program = DeviceProgram.of(ContainerDefaults.deviceRules());
    assertThat(allows(program, type, major, minor, access)).isEqualTo(answer);
  }

  @Test
  void theLastRuleDecides() {
    DeviceProgram program =
        DeviceProgram.of(
            List.of(
                new DeviceRule(true, 'a', ANY, ANY, "rwm"),
                new DeviceRule(false, 'c', OptionalLong.of(1), ANY, "w"),
                new DeviceRule(true, 'c', OptionalLong.of(1), OptionalLong.of(3), "rw")));
    assertThat(allows(program, 'b', 8, 0, "rw")).isTrue();
    assertThat(allows(program, 'c', 1, 8, "r")).isTrue();
    assertThat(allows(program, 'c', 1, 8, "rw")).isFalse();
    assertThat(allows(program, 'c', 1, 3, "rw")).isTrue();
  }

  @Test
  void rulesThatSayNothingAllow() {
    assertThat(allows(DeviceProgram.of(List.of()), 'c', 1, 1, "rw")).isTrue();
  }

  @Test
  void theKernelsOwnListForm() {
    assertThat(ContainerDefaults.deviceRules().stream().map(DevicesController::line))
        .startsWith("a", "c *:* m", "b *:* m", "c 1:3 rwm")
        .endsWith("c 136:* rwm", "c 10:200 rwm");
  }
}
