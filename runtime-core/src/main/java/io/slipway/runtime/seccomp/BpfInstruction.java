package io.slipway.runtime.seccomp;

import java.util.Locale;

/**
 * One instruction of classic BPF ({@code struct sock_filter}).
 *
 * @param code operation, as in linux/bpf_common.h
 * @param yes instructions to skip if a test holds, 0 to 255
 * @param no instructions to skip if it does not
 * @param operand constant, offset or return value
 */
public record BpfInstruction(int code, int yes, int no, int operand) {
  static final int LOAD = 0x20;
  static final int AND = 0x54;
  static final int JUMP = 0x05;
  static final int JUMP_EQUAL = 0x15;
  static final int JUMP_GREATER = 0x25;
  static final int JUMP_GREATER_EQUAL = 0x35;
  static final int RETURN = 0x06;

  private static final int MAX_SKIP = 255;

  public BpfInstruction {
    if (yes < 0 || yes > MAX_SKIP || no < 0 || no > MAX_SKIP) {
      throw new IllegalArgumentException("jump out of reach: " + yes + ", " + no);
    }
  }

  /** Assembly with absolute targets: {@code jge #0x9b, 12, 40}. */
  String text(int position) {
    String value = "#0x" + Integer.toHexString(operand);
    return switch (code) {
      case LOAD -> "ld [" + operand + "]";
      case AND -> "and " + value;
      case JUMP -> "jmp " + (position + 1 + operand);
      case RETURN -> "ret " + value;
      case JUMP_EQUAL -> branch("jeq", value, position);
      case JUMP_GREATER -> branch("jgt", value, position);
      case JUMP_GREATER_EQUAL -> branch("jge", value, position);
      default -> throw new IllegalStateException("unknown operation " + code);
    };
  }

  private String branch(String name, String value, int position) {
    return String.format(
        Locale.ROOT, "%s %s, %d, %d", name, value, position + 1 + yes, position + 1 + no);
  }
}
