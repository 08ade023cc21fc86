package io.slipway.runtime.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Runs a filter on one system call as the kernel would, from the program's bytes. */
final class BpfInterpreter {
  private final ByteBuffer program;

  /** Instructions executed by the last call. */
  private int steps;

  BpfInterpreter(BpfProgram program) {
    this.program = ByteBuffer.wrap(program.toBytes()).order(ByteOrder.LITTLE_ENDIAN);
  }

  int steps() {
    return steps;
  }

  int run(SeccompArch arch, int number, long... args) {
    ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(number).putInt(arch.auditArch()).putLong(0);
    for (long arg : args) {
      data.putLong(arg);
    }
    int accumulator = 0;
    steps = 0;
    for (int at = 0; ; at++) {
      steps++;
      int code = program.getShort(at * 8) & 0xffff;
      int yes = program.get(at * 8 + 2) & 0xff;
      int no = program.get(at * 8 + 3) & 0xff;
      int operand = program.getInt(at * 8 + 4);
      switch (code) {
        case 0x20 -> accumulator = data.getInt(operand);
        case 0x54 -> accumulator &= operand;
        case 0x05 -> at += operand;
        case 0x15 -> at += accumulator == operand ? yes : no;
        case 0x25 -> at += Integer.compareUnsigned(accumulator, operand) > 0 ? yes : no;
        case 0x35 -> at += Integer.compareUnsigned(accumulator, operand) >= 0 ? yes : no;
        case 0x06 -> {
          return operand;
        }
        default -> throw new IllegalStateException("the kernel refuses code " + code);
      }
    }
  }
}
