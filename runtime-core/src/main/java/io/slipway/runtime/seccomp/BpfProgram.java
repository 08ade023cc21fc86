package io.slipway.runtime.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A finished filter, ready for {@code seccomp(2)}.
 *
 * @param instructions in order; at most 4096
 * @param flags for {@code seccomp(SECCOMP_SET_MODE_FILTER, flags, program)}
 */
public record BpfProgram(List<BpfInstruction> instructions, int flags) {
  /** BPF_MAXINSNS of the kernel. */
  static final int MAX_INSTRUCTIONS = 4096;

  private static final int INSTRUCTION_BYTES = 8;

  public BpfProgram {
    instructions = List.copyOf(instructions);
    if (instructions.isEmpty() || instructions.size() > MAX_INSTRUCTIONS) {
      throw new IllegalArgumentException(
          "a filter has 1 to 4096 instructions, not " + instructions.size());
    }
  }

  /** The {@code struct sock_filter} array, 8 bytes each; {@code sock_fprog.len} is the size. */
  public byte[] toBytes() {
    ByteBuffer out =
        ByteBuffer.allocate(instructions.size() * INSTRUCTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (BpfInstruction instruction : instructions) {
      out.putShort((short) instruction.code());
      out.put((byte) instruction.yes());
      out.put((byte) instruction.no());
      out.putInt(instruction.operand());
    }
    return out.array();
  }

  /** One numbered line per instruction. */
  public String disassemble() {
    return IntStream.range(0, instructions.size())
        .mapToObj(i -> String.format("%4d: %s%n", i, instructions.get(i).text(i)))
        .collect(Collectors.joining());
  }
}
