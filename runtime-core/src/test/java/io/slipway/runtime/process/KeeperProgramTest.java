package io.slipway.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.runtime.linux.Arch;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class KeeperProgramTest {
  private static final String SEGMENT_X86 =
      "0100000005000000" // loadable, read and execute
          + "0000000000000000" // from the beginning of the file
          + "0000400000000000"
          + "0000400000000000"
          + "8100000000000000" // 129 bytes
          + "8100000000000000"
          + "0000010000000000";

  @Test
  void isAnExecutableOfOneSegment() {
    byte[] file = KeeperProgram.executable(Arch.X86_64);
    HexFormat hex = HexFormat.of();
    assertThat(hex.formatHex(file, 0, 64))
        .isEqualTo(
            "7f454c4602010100000000000000000002003e00010000007800400000000000"
                + "4000000000000000000000000000000000000000400038000100000000000000");
    assertThat(hex.formatHex(file, 64, 120)).isEqualTo(SEGMENT_X86);
    assertThat(hex.formatHex(file, 120, file.length)).isEqualTo("b8220000000f05ebf7");
  }

  @Test
  void hasTheOtherMachinesCode() {
    byte[] file = KeeperProgram.executable(Arch.AARCH64);
    assertThat(file[18] & 0xff).isEqualTo(183);
    assertThat(HexFormat.of().formatHex(Arrays.copyOfRange(file, 120, file.length)))
        .hasSize(2 * 28)
        .endsWith("010000d4faffff17");
  }

  @Test
  void theProcessGetsTheSocketsAlone() {
    String program = KeeperProgram.program().print();
    assertThat(program)
        .containsSubsequence(
            "new session",
            "close_range(3, 0xffffffff, 4)",
            "fcntl(<sender>, 2, 0)",
            "fcntl(<receiver>, 2, 0)",
            "execveat(<executable>");
  }
}
