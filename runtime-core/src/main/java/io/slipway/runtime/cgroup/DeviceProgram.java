package io.slipway.runtime.cgroup;

import io.slipway.runtime.spec.Resources.DeviceRule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Device rules as an eBPF program of type {@code BPF_PROG_TYPE_CGROUP_DEVICE}. The kernel calls it
 * with {@code struct bpf_cgroup_dev_ctx {u32 access_type; u32 major; u32 minor}}, where access_type
 * holds the kind of device below and the wanted access (1 make, 2 read, 4 write) above 16 bits; the
 * answer 1 allows.
 *
 * <p>The last rule that fits decides, so the rules are tried from the last one. An allowing rule
 * fits if it grants all that is wanted, a denying one if it refuses any of it.
 */
record DeviceProgram(List<Long> instructions) {
  private static final int BLOCK = 1;
  private static final int CHARACTER = 2;

  /** Registers. r1 is the context at the start; r2 kind, r3 access, r4 major, r5 minor. */
  private static final int R0 = 0;

  private static final int R1 = 1;
  private static final int R2 = 2;
  private static final int R3 = 3;
  private static final int R4 = 4;
  private static final int R5 = 5;

  private static final int LOAD_WORD = 0x61;
  private static final int MOVE_REGISTER = 0xbc;
  private static final int MOVE_CONSTANT = 0xb4;
  private static final int AND_CONSTANT = 0x54;
  private static final int SHIFT_RIGHT = 0x74;
  private static final int JUMP_IF_NOT_EQUAL = 0x55;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int JUMP_IF_REGISTERS_DIFFER = 0x5d;
  private static final int EXIT = 0x95;
  private static final int VERDICT_LENGTH = 2;

  DeviceProgram {
    instructions = List.copyOf(instructions);
  }

  static DeviceProgram of(List<DeviceRule> rules) {
    List<Long> code = new ArrayList<>();
    code.add(instruction(LOAD_WORD, R2, R1, 0, 0));
    code.add(instruction(MOVE_REGISTER, R3, R2, 0, 0));
    code.add(instruction(AND_CONSTANT, R2, 0, 0, 0xffff));
    code.add(instruction(SHIFT_RIGHT, R3, 0, 0, 16));
    code.add(instruction(LOAD_WORD, R4, R1, 4, 0));
    code.add(instruction(LOAD_WORD, R5, R1, 8, 0));
    for (DeviceRule rule : rules.reversed()) {
      code.addAll(rule(rule));
      if (rule.type() == 'a') {
        // Decides for every device: nothing before it can matter.
        return new DeviceProgram(code);
      }
    }
    code.addAll(verdict(true));
    return new DeviceProgram(code);
  }

  /** Tests that jump past the rule's verdict, then the verdict. */
  private static List<Long> rule(DeviceRule rule) {
    List<Long> tests = new ArrayList<>();
    if (rule.type() != 'a') {
      int kind = rule.type() == 'b' ? BLOCK : CHARACTER;
      tests.add(instruction(JUMP_IF_NOT_EQUAL, R2, 0, 0, kind));
      int access = access(rule.access());
      if (access != (1 | 2 | 4)) {
        tests.add(instruction(MOVE_REGISTER, R1, R3, 0, 0));
        tests.add(instruction(AND_CONSTANT, R1, 0, 0, access));
        tests.add(
            rule.allow()
                ? instruction(JUMP_IF_REGISTERS_DIFFER, R1, R3, 0, 0)
                : instruction(JUMP_IF_EQUAL, R1, 0, 0, 0));
      }
      rule.major().ifPresent(n -> tests.add(instruction(JUMP_IF_NOT_EQUAL, R4, 0, 0, (int) n)));
      rule.minor().ifPresent(n -> tests.add(instruction(JUMP_IF_NOT_EQUAL, R5, 0, 0, (int) n)));
    }
    for (int i = 0; i < tests.size(); i++) {
      int past = tests.size() - 1 - i + VERDICT_LENGTH;
      tests.set(i, withJump(tests.get(i), past));
    }
    tests.addAll(verdict(rule.allow()));
    return tests;
  }

  private static List<Long> verdict(boolean allow) {
    return List.of(
        instruction(MOVE_CONSTANT, R0, 0, 0, allow ? 1 : 0), instruction(EXIT, 0, 0, 0, 0));
  }

  private static int access(String letters) {
    return (letters.contains("m") ? 1 : 0)
        | (letters.contains("r") ? 2 : 0)
        | (letters.contains("w") ? 4 : 0);
  }

  /** {@code struct bpf_insn}: code, destination and source register, offset, constant. */
  private static long instruction(int code, int to, int from, int offset, int constant) {
    return code
        | (long) (to | from << 4) << 8
        | (offset & 0xffffL) << 16
        | (constant & 0xffffffffL) << 32;
  }

  private static long withJump(long instruction, int offset) {
    int code = (int) (instruction & 0xff);
    boolean jumps =
        code == JUMP_IF_NOT_EQUAL || code == JUMP_IF_EQUAL || code == JUMP_IF_REGISTERS_DIFFER;
    return jumps ? instruction | (long) offset << 16 : instruction;
  }

  byte[] toBytes() {
    ByteBuffer out =
        ByteBuffer.allocate(instructions.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    instructions.forEach(out::putLong);
    return out.array();
  }
}
