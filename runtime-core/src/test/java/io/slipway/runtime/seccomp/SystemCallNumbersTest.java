package io.slipway.runtime.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.runtime.linux.Arch;
import io.slipway.runtime.linux.SystemCall;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The numbers we call by and the numbers we filter by come from two tables that must agree. */
class SystemCallNumbersTest {
  private static final SyscallTable TABLE = SyscallTable.load();

  @ParameterizedTest
  @EnumSource(SystemCall.class)
  void bothTablesAgree(SystemCall call) {
    for (Arch arch : Arch.values()) {
      assertThat(TABLE.number(SeccompArch.of(arch), call.label()))
          .as(call.label() + " on " + arch)
          .hasValue(call.number(arch));
    }
  }
}
