package io.slipway.runtime.seccomp;

/** What happens to a system call, with the upper half of the value a filter returns for it. */
public enum SeccompAction {
  SCMP_ACT_KILL(0x00000000),
  SCMP_ACT_KILL_THREAD(0x00000000),
  SCMP_ACT_KILL_PROCESS(0x80000000),
  SCMP_ACT_TRAP(0x00030000),
  SCMP_ACT_ERRNO(0x00050000),
  SCMP_ACT_TRACE(0x7ff00000),
  SCMP_ACT_LOG(0x7ffc0000),
  SCMP_ACT_ALLOW(0x7fff0000);

  private static final int DATA_MASK = 0xffff;

  private final int code;

  SeccompAction(int code) {
    this.code = code;
  }

  /**
   * The filter's return value.
   *
   * @param data the error number for ERRNO and the tracer's message for TRACE; others carry none
   */
  int returnValue(int data) {
    return switch (this) {
      case SCMP_ACT_ERRNO, SCMP_ACT_TRACE -> code | (data & DATA_MASK);
      default -> code;
    };
  }

  /** Whether the call goes on: such a default must not be narrowed for unknown calls. */
  boolean letsPass() {
    return this == SCMP_ACT_ALLOW || this == SCMP_ACT_LOG || this == SCMP_ACT_TRACE;
  }
}
