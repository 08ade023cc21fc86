package io.slipway.runtime.cgroup;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.Kernel;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The two uses of {@code bpf(2)}: load a device program, attach it to a cgroup. */
final class BpfCalls {
  private static final int PROG_LOAD = 5;
  private static final int PROG_ATTACH = 8;
  private static final int PROG_TYPE_CGROUP_DEVICE = 15;
  private static final int ATTACH_CGROUP_DEVICE = 6;

  /** A container may add its own, stricter program further down. */
  private static final int ALLOW_MULTI = 2;

  private static final int ATTRIBUTE_BYTES = 120;
  private static final int INSTRUCTION_BYTES = 8;

  private BpfCalls() {}

  /** The cgroup keeps the program; no descriptor stays open. */
  static void attachDeviceProgram(Fd cgroup, DeviceProgram program) throws LinuxException {
    try (Arena arena = Arena.ofConfined();
        Fd loaded = load(arena, program)) {
      MemorySegment attach = arena.allocate(ATTRIBUTE_BYTES, 8);
      attach.set(ValueLayout.JAVA_INT, 0, cgroup.number());
      attach.set(ValueLayout.JAVA_INT, 4, loaded.number());
      attach.set(ValueLayout.JAVA_INT, 8, ATTACH_CGROUP_DEVICE);
      attach.set(ValueLayout.JAVA_INT, 12, ALLOW_MULTI);
      Kernel.call(
          SystemCall.BPF, "attach device filter", PROG_ATTACH, attach.address(), ATTRIBUTE_BYTES);
    }
  }

  private static Fd load(Arena arena, DeviceProgram program) throws LinuxException {
    byte[] code = program.toBytes();
    MemorySegment load = arena.allocate(ATTRIBUTE_BYTES, 8);
    load.set(ValueLayout.JAVA_INT, 0, PROG_TYPE_CGROUP_DEVICE);
    load.set(ValueLayout.JAVA_INT, 4, code.length / INSTRUCTION_BYTES);
    MemorySegment instructions = arena.allocate(code.length, 8);
    MemorySegment.copy(code, 0, instructions, ValueLayout.JAVA_BYTE, 0, code.length);
    load.set(ValueLayout.JAVA_LONG, 8, instructions.address());
    load.set(ValueLayout.JAVA_LONG, 16, arena.allocateFrom("Apache").address());
    return new Fd(
        (int)
            Kernel.call(
                SystemCall.BPF, "load device filter", PROG_LOAD, load.address(), ATTRIBUTE_BYTES));
  }
}
