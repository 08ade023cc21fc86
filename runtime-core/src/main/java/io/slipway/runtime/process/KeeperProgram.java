package io.slipway.runtime.process;

import static io.slipway.runtime.process.Arg.handle;
import static io.slipway.runtime.process.Arg.number;
import static io.slipway.runtime.process.Arg.text;
import static io.slipway.runtime.process.Arg.vector;

import io.slipway.runtime.linux.Arch;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.SystemCall;
import io.slipway.runtime.process.ProcessPrograms.CloneOptions;
import java.util.List;
import java.util.Optional;

/**
 * A process that does nothing but have open descriptors: an executable of less than 150 bytes,
 * which waits for a signal for ever and takes one page of memory.
 *
 * <p>x86-64 (9 bytes):
 *
 * <pre>
 *  00  b8 22 00 00 00  mov  eax,34    ; wait: pause
 *  05  0f 05           syscall
 *  07  eb f7           jmp  wait
 * </pre>
 *
 * <p>aarch64 (28 bytes), where {@code pause} is {@code ppoll} of nothing:
 *
 * <pre>
 *  00  d2800000  mov  x0,#0           ; wait:
 *  04  d2800001  mov  x1,#0
 *  08  d2800002  mov  x2,#0
 *  0c  d2800003  mov  x3,#0
 *  10  d2800928  mov  x8,#73
 *  14  d4000001  svc  #0
 *  18  17fffffa  b    wait
 * </pre>
 */
final class KeeperProgram {
  /** What the process is called in {@code ps}. */
  static final String NAME = "slipway-keeper";

  static final String EXECUTABLE = "executable";
  static final String NULL = "null device";
  static final String SENDER = "sender";
  static final String RECEIVER = "receiver";

  private static final String X86_64 = "b8220000000f05ebf7";
  private static final String AARCH64 = "000080d2010080d2020080d2030080d2280980d2010000d4faffff17";

  private static final int F_SETFD = 2;
  private static final int CLOSE_RANGE_CLOEXEC = 4;
  private static final int FIRST_ABOVE_STANDARD = 3;

  private KeeperProgram() {}

  static byte[] executable(Arch arch) {
    return TinyExecutable.of(arch, arch == Arch.X86_64 ? X86_64 : AARCH64);
  }

  /** Starts it with the two sockets and nothing else of ours, in a session of its own. */
  static SyscallProgram program() {
    CloneOptions options = new CloneOptions(0, Optional.empty(), Optional.empty());
    return ProcessPrograms.process(
        options,
        program -> {
          program.call("new session", SystemCall.SETSID);
          for (int i = 0; i < FIRST_ABOVE_STANDARD; i++) {
            program.call(
                "set standard stream " + i, SystemCall.DUP3, handle(NULL), number(i), number(0));
          }
          program.call(
              "close descriptors at exec",
              SystemCall.CLOSE_RANGE,
              number(FIRST_ABOVE_STANDARD),
              number(0xffff_ffffL),
              number(CLOSE_RANGE_CLOEXEC));
          for (String socket : List.of(SENDER, RECEIVER)) {
            program.call(
                "keep " + socket, SystemCall.FCNTL, handle(socket), number(F_SETFD), number(0));
          }
          program.call(
              "unblock signals",
              SystemCall.RT_SIGPROCMASK,
              number(2),
              Arg.words(0L),
              number(0),
              number(8));
          program.call(
              "execute",
              SystemCall.EXECVEAT,
              handle(EXECUTABLE),
              text(""),
              vector(List.of(NAME)),
              vector(List.of()),
              number(OpenFlags.AT_EMPTY_PATH));
        });
  }
}
