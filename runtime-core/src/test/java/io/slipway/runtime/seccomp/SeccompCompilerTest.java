package io.slipway.runtime.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.testing.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeccompCompilerTest {
  private static final int ALLOW = 0x7fff0000;
  private static final int EPERM = 0x00050001;
  private static final int READ = 0;

  private final SeccompProfileReader reader = new SeccompProfileReader();
  private final SeccompCompiler compiler = new SeccompCompiler(new KernelVersion(6, 1));

  private BpfProgram compile(String json) {
    return compiler.compile(reader.read(json), Set.of(), SeccompArch.X86_64);
  }

  private BpfInterpreter oneRule(String args) {
    return new BpfInterpreter(
        compile(
            """
            {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
              {"names": ["read", "write", "clone3"], "action": "SCMP_ACT_ALLOW", "args": [%s]}]}
            """
                .formatted(args)));
  }

  private static String condition(int index, String op, String value, String two) {
    return "{\"index\": %d, \"op\": \"SCMP_CMP_%s\", \"value\": %s, \"valueTwo\": %s}"
        .formatted(index, op, value, two);
  }

  @Test
  void theDefaultProfileForDockersCapabilities() {
    SeccompProfile profile = reader.standard();
    Golden golden = Golden.topic("seccomp");
    Golden.check(
        golden.directory().resolve("default/x86_64.txt"),
        compiler
            .compile(profile, DefaultProfileTest.DOCKER_CAPS, SeccompArch.X86_64)
            .disassemble());
    Golden.check(
        golden.directory().resolve("default/aarch64.txt"),
        compiler
            .compile(profile, DefaultProfileTest.DOCKER_CAPS, SeccompArch.AARCH64)
            .disassemble());
  }

  @ParameterizedTest
  @CsvSource({
    "EQ, 0, 5",
    "EQ, 4294967296, 4294967296",
    "NE, 7, 4294967303",
    "LT, 4294967296, 4294967295",
    "LE, 8589934592, 8589934592",
    "GE, 18446744073709551615, -1",
    "GT, 4294967295, 4294967296",
    "LT, 1, 0",
    "GE, 0, 0",
    "GT, 18446744073709551615, -1"
  })
  void comparesAllSixtyFourBits(String op, String value, long argument) {
    long right = Long.parseUnsignedLong(value);
    BpfInterpreter filter = oneRule(condition(2, op, value, "0"));
    for (long left : List.of(argument, argument + 1, argument - 1, right, ~right, 0L, -1L)) {
      int order = Long.compareUnsigned(left, right);
      boolean holds =
          switch (op) {
            case "EQ" -> order == 0;
            case "NE" -> order != 0;
            case "LT" -> order < 0;
            case "LE" -> order <= 0;
            case "GE" -> order >= 0;
            default -> order > 0;
          };
      assertThat(filter.run(SeccompArch.X86_64, READ, 9, 9, left))
          .as("%s %s %s", Long.toUnsignedString(left), op, value)
          .isEqualTo(holds ? ALLOW : EPERM);
    }
  }

  @Test
  void masksBothHalves() {
    BpfInterpreter filter = oneRule(condition(0, "MASKED_EQ", "68719476737", "68719476736"));
    assertThat(filter.run(SeccompArch.X86_64, READ, 0x1000000000L)).isEqualTo(ALLOW);
    assertThat(filter.run(SeccompArch.X86_64, READ, 0x1000000002L)).isEqualTo(ALLOW);
    assertThat(filter.run(SeccompArch.X86_64, READ, 0x1000000001L)).isEqualTo(EPERM);
    assertThat(filter.run(SeccompArch.X86_64, READ, 0L)).isEqualTo(EPERM);
  }

  @Test
  void conditionsOnDifferentArgumentsMustAllHold() {
    BpfInterpreter filter =
        oneRule(condition(0, "EQ", "1", "0") + "," + condition(5, "GT", "3", "0"));
    assertThat(filter.run(SeccompArch.X86_64, READ, 1, 0, 0, 0, 0, 4)).isEqualTo(ALLOW);
    assertThat(filter.run(SeccompArch.X86_64, READ, 1, 0, 0, 0, 0, 3)).isEqualTo(EPERM);
    assertThat(filter.run(SeccompArch.X86_64, READ, 2, 0, 0, 0, 0, 4)).isEqualTo(EPERM);
  }

  @Test
  void conditionsOnOneArgumentAreAlternatives() {
    BpfInterpreter filter =
        oneRule(condition(0, "EQ", "1", "0") + "," + condition(0, "EQ", "2", "0"));
    assertThat(filter.run(SeccompArch.X86_64, READ, 1)).isEqualTo(ALLOW);
    assertThat(filter.run(SeccompArch.X86_64, READ, 2)).isEqualTo(ALLOW);
    assertThat(filter.run(SeccompArch.X86_64, READ, 3)).isEqualTo(EPERM);
  }

  @Test
  void aRuleWithoutConditionsBeatsOneWith() {
    BpfInterpreter filter =
        new BpfInterpreter(
            compile(
                """
                {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
                  {"names": ["read"], "action": "SCMP_ACT_KILL_PROCESS",
                   "args": [{"index": 0, "op": "SCMP_CMP_EQ", "value": 1}]},
                  {"name": "read", "action": "SCMP_ACT_ERRNO", "errnoRet": 95},
                  {"names": ["write"], "action": "SCMP_ACT_KILL_PROCESS"}]}
                """));
    assertThat(filter.run(SeccompArch.X86_64, READ, 1)).isEqualTo(0x00050000 | 95);
    assertThat(filter.run(SeccompArch.X86_64, 1)).isEqualTo(0x80000000);
    assertThat(filter.run(SeccompArch.X86_64, 9999)).as("unknown calls pass too").isEqualTo(ALLOW);
  }

  /** Long conditional blocks push the leaves of the tree out of a jump's reach. */
  @Test
  void programsLongerThanAJumpStayCorrect() {
    List<String> names = List.of("read", "write", "open", "close", "stat", "poll", "lseek");
    List<String> rules = new ArrayList<>();
    for (String name : names) {
      for (int value = 0; value < 60; value++) {
        rules.add(
            """
            {"names": ["%s"], "action": "SCMP_ACT_ERRNO", "errnoRet": %d,
             "args": [{"index": 0, "op": "SCMP_CMP_EQ", "value": %d},
                      {"index": 1, "op": "SCMP_CMP_NE", "value": %d}]}
            """
                .formatted(name, errno(name, value), value * 3, value));
      }
    }
    BpfProgram program =
        compile(
            "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": ["
                + String.join(",", rules)
                + "]}");
    assertThat(program.instructions().size()).isGreaterThan(1000);
    BpfInterpreter filter = new BpfInterpreter(program);
    SyscallTable table = SyscallTable.load();
    Random random = new Random(7);
    for (int i = 0; i < 5000; i++) {
      String name = names.get(random.nextInt(names.size()));
      long first = random.nextInt(200);
      long second = random.nextInt(60);
      boolean hit = first % 3 == 0 && first < 180 && second != first / 3;
      int number = table.number(SeccompArch.X86_64, name).orElseThrow();
      assertThat(filter.run(SeccompArch.X86_64, number, first, second))
          .isEqualTo(hit ? 0x00050000 | errno(name, (int) first / 3) : ALLOW);
    }
  }

  /** Differs per call, so that equal tails are not shared and the program grows long. */
  private static int errno(String name, int value) {
    return name.length() * 100 + name.charAt(0) + value;
  }
}
