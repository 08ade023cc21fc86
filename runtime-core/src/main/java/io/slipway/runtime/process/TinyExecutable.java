package io.slipway.runtime.process;

import io.slipway.runtime.linux.Arch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** Programs of a few instructions, as ELF files of one segment that need nothing else. */
public final class TinyExecutable {
  /** {@code xor edi,edi; mov eax,60; syscall}: exit. */
  private static final String EXIT_X86_64 = "31ffb83c0000000f05";

  /** {@code mov x0,#0; mov x8,#93; svc #0}. */
  private static final String EXIT_AARCH64 = "000080d2a80b80d2010000d4";

  private static final long LOAD_ADDRESS = 0x400000;
  private static final int FILE_HEADER_BYTES = 64;
  private static final int PROGRAM_HEADER_BYTES = 56;
  private static final int HEADERS_BYTES = FILE_HEADER_BYTES + PROGRAM_HEADER_BYTES;
  private static final int PAGE_BYTES = 0x10000;

  private TinyExecutable() {}

  /** A program that ends at once, with exit code 0. */
  public static byte[] exiting(Arch arch) {
    return of(arch, arch == Arch.X86_64 ? EXIT_X86_64 : EXIT_AARCH64);
  }

  /** A program that waits for ever. */
  public static byte[] waiting(Arch arch) {
    return KeeperProgram.executable(arch);
  }

  static byte[] of(Arch arch, String instructions) {
    byte[] code = HexFormat.of().parseHex(instructions);
    int size = HEADERS_BYTES + code.length;
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
    file.putShort((short) 2).putShort((short) (arch == Arch.X86_64 ? 62 : 183)).putInt(1);
    file.putLong(LOAD_ADDRESS + HEADERS_BYTES).putLong(FILE_HEADER_BYTES).putLong(0).putInt(0);
    file.putShort((short) FILE_HEADER_BYTES).putShort((short) PROGRAM_HEADER_BYTES);
    file.putShort((short) 1).putShort((short) 0).putShort((short) 0).putShort((short) 0);
    // one loadable segment, to be read and executed
    file.putInt(1).putInt(5).putLong(0).putLong(LOAD_ADDRESS).putLong(LOAD_ADDRESS);
    file.putLong(size).putLong(size).putLong(PAGE_BYTES);
    return file.put(code).array();
  }
}
