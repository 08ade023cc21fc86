package io.slipway.runtime.process;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallContextCache;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Function;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Type;
import io.slipway.runtime.linux.Arch;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.Kernel;
import io.slipway.runtime.linux.SystemCall;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/**
 * The interpreter that runs a list of system calls without a JVM, a C library or a stack of its
 * own, so that it may run in a half-made child that shares the JVM's memory.
 *
 * <p>It is called as {@code long run(record*)}. A record is twelve 8-byte words: number, six
 * arguments, result, address to store the result at (or 0), and the next record if the result is
 * positive, zero or negative. A negative number ends the run and returns the first argument.
 *
 * <p>x86-64 (85 bytes):
 *
 * <pre>
 *  00  53           push rbx
 *  01  48 89 fb     mov  rbx,rdi
 *  04  48 8b 03     mov  rax,[rbx]          ; next:
 *  07  48 85 c0     test rax,rax
 *  0a  78 43        js   done
 *  0c  48 8b 7b 08  mov  rdi,[rbx+8]
 *  10  48 8b 73 10  mov  rsi,[rbx+16]
 *  14  48 8b 53 18  mov  rdx,[rbx+24]
 *  18  4c 8b 53 20  mov  r10,[rbx+32]
 *  1c  4c 8b 43 28  mov  r8,[rbx+40]
 *  20  4c 8b 4b 30  mov  r9,[rbx+48]
 *  24  0f 05        syscall
 *  26  48 89 43 38  mov  [rbx+56],rax
 *  2a  48 8b 4b 40  mov  rcx,[rbx+64]
 *  2e  48 85 c9     test rcx,rcx
 *  31  74 03        jz   1f
 *  33  48 89 01     mov  [rcx],rax
 *  36  48 85 c0     test rax,rax            ; 1:
 *  39  78 0e        js   negative
 *  3b  74 06        jz   zero
 *  3d  48 8b 5b 48  mov  rbx,[rbx+72]
 *  41  eb c1        jmp  next
 *  43  48 8b 5b 50  mov  rbx,[rbx+80]       ; zero:
 *  47  eb bb        jmp  next
 *  49  48 8b 5b 58  mov  rbx,[rbx+88]       ; negative:
 *  4d  eb b5        jmp  next
 *  4f  48 8b 43 08  mov  rax,[rbx+8]        ; done:
 *  53  5b           pop  rbx
 *  54  c3           ret
 * </pre>
 *
 * <p>aarch64 (72 bytes; the kernel keeps every register but x0 across a call):
 *
 * <pre>
 *  00  aa0003e9  mov  x9,x0
 *  04  f9400128  ldr  x8,[x9]               ; next:
 *  08  b7f801c8  tbnz x8,#63,done
 *  0c  a9408520  ldp  x0,x1,[x9,#8]
 *  10  a9418d22  ldp  x2,x3,[x9,#24]
 *  14  a9429524  ldp  x4,x5,[x9,#40]
 *  18  d4000001  svc  #0
 *  1c  a9442d2a  ldp  x10,x11,[x9,#64]
 *  20  f9001d20  str  x0,[x9,#56]
 *  24  b400004a  cbz  x10,1f
 *  28  f9000140  str  x0,[x10]
 *  2c  a945352c  ldp  x12,x13,[x9,#80]      ; 1:
 *  30  f100001f  cmp  x0,#0
 *  34  9a8b0189  csel x9,x12,x11,eq
 *  38  9a89b1a9  csel x9,x13,x9,lt
 *  3c  17fffff2  b    next
 *  40  f9400520  ldr  x0,[x9,#8]            ; done:
 *  44  d65f03c0  ret
 * </pre>
 */
final class NativeCode {
  private static final String X86_64 =
      "534889fb488b034885c07843488b7b08488b7310488b53184c8b53204c8b4328"
          + "4c8b4b300f0548894338488b4b404885c974034889014885c0780e7406488b5b"
          + "48ebc1488b5b50ebbb488b5b58ebb5488b43085bc3";
  private static final String AARCH64 =
      "e90300aa280140f9c801f8b7208540a9228d41a9249542a9010000d42a2d44a9"
          + "201d00f94a0000b4400100f92c3545a91f0000f189018b9aa9b1899af2ffff17"
          + "200540f9c0035fd6";

  private static final int PROT_READ = 1;
  private static final int PROT_EXEC = 4;
  private static final int MAP_PRIVATE = 2;

  private final CallContext context =
      CallContextCache.getInstance()
          .getCallContext(Type.SINT64, new Type[] {Type.SINT64}, CallingConvention.DEFAULT, false);
  private final Function function;

  private NativeCode(long address) {
    this.function = new Function(address, context);
  }

  /**
   * Maps the code for this machine and proves that it runs: {@code getpid} through it must be the
   * JVM's own process id. The mapping stays for the life of the JVM.
   */
  static NativeCode load() throws IOException {
    byte[] bytes = bytes(Arch.current());
    NativeCode code;
    try (Fd file = FileCalls.memory("slipway-interpreter")) {
      FileCalls.writeFully(file, bytes);
      // Mapped from a file, not written in place: the kernel then does aarch64's cache maintenance,
      // and no page is ever writable and executable at once.
      long address =
          Kernel.call(
              SystemCall.MMAP,
              "the system call interpreter",
              0,
              bytes.length,
              PROT_READ | PROT_EXEC,
              MAP_PRIVATE,
              file.number(),
              0);
      code = new NativeCode(address);
    }
    code.selfTest();
    return code;
  }

  static byte[] bytes(Arch arch) {
    return HexFormat.of()
        .parseHex(
            switch (arch) {
              case X86_64 -> X86_64;
              case AARCH64 -> AARCH64;
            });
  }

  /** Runs the records from this address on; blocks until the last one. */
  long run(long firstRecord) {
    return Invoker.getInstance().invokeL1(context, function.getFunctionAddress(), firstRecord);
  }

  private void selfTest() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment records = arena.allocate(2L * ProgramMemory.RECORD_BYTES, 8);
      long end = records.address() + ProgramMemory.RECORD_BYTES;
      records.set(ValueLayout.JAVA_LONG, 0, SystemCall.GETPID.number(Arch.current()));
      records.set(
          ValueLayout.JAVA_LONG, 64, end + 8); // the pid becomes the value that run() returns
      records.set(ValueLayout.JAVA_LONG, 72, end);
      records.set(ValueLayout.JAVA_LONG, ProgramMemory.RECORD_BYTES, -1);
      long pid = run(records.address());
      if (pid != ProcessHandle.current().pid()) {
        throw new IOException(
            "system call interpreter self-test failed: getpid gave "
                + pid
                + " instead of "
                + ProcessHandle.current().pid());
      }
    }
  }
}
