package io.slipway.runtime.process;

import io.slipway.runtime.linux.Arch;
import io.slipway.runtime.linux.PathBytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A program laid out in native memory, ready for {@link NativeCode}. The child runs in this very
 * memory: keep it open until the run is back, which with {@code CLONE_VFORK} means until the child
 * has its own program or is gone.
 */
final class ProgramMemory implements AutoCloseable {
  static final int RECORD_BYTES = 96;
  private static final int RESULT = 56;
  private static final int STORE = 64;
  private static final int ON_POSITIVE = 72;
  private static final int ON_ZERO = 80;
  private static final int ON_NEGATIVE = 88;

  private final Arena arena = Arena.ofConfined();
  private final SyscallProgram program;
  private final Map<String, Integer> handles;
  private final Map<Arg.Slot, Long> slots = new IdentityHashMap<>();
  private final Map<String, MemorySegment> outputs = new HashMap<>();
  private final MemorySegment records;
  private MemorySegment chunk = MemorySegment.NULL;
  private long chunkUsed;

  ProgramMemory(SyscallProgram program, Map<String, Integer> handles) {
    this.program = program;
    this.handles = handles;
    int count = program.calls().size();
    this.records = arena.allocate((count + 1L) * RECORD_BYTES, 8);
    for (int i = count - 1; i >= 0; i--) {
      encode(i, program.calls().get(i)); // backwards: a slot's place is known before its source
    }
    records.set(ValueLayout.JAVA_LONG, (long) count * RECORD_BYTES, -1);
  }

  long start() {
    return records.address();
  }

  /** What the kernel answered; 0 also for a call that was not reached. */
  long result(int call) {
    return records.get(ValueLayout.JAVA_LONG, (long) call * RECORD_BYTES + RESULT);
  }

  MemorySegment output(String name) {
    return outputs.get(name);
  }

  private void encode(int index, SyscallProgram.Call call) {
    long at = (long) index * RECORD_BYTES;
    records.set(ValueLayout.JAVA_LONG, at, call.number().number(Arch.current()));
    List<Arg> args = call.args();
    for (int i = 0; i < args.size(); i++) {
      long place = at + 8L * (i + 1);
      if (args.get(i) instanceof Arg.Slot slot) {
        if (slots.put(slot, records.address() + place) != null) {
          throw new IllegalStateException(call.step() + ": " + slot + " is used twice");
        }
      } else {
        records.set(ValueLayout.JAVA_LONG, place, value(args.get(i)));
      }
    }
    if (call.result() != null) {
      Long place = slots.get(call.result());
      if (place == null) {
        throw new IllegalStateException(call.step() + ": " + call.result() + " is never used");
      }
      records.set(ValueLayout.JAVA_LONG, at + STORE, place);
    }
    records.set(ValueLayout.JAVA_LONG, at + ON_POSITIVE, address(call.onPositive()));
    records.set(ValueLayout.JAVA_LONG, at + ON_ZERO, address(call.onZero()));
    records.set(ValueLayout.JAVA_LONG, at + ON_NEGATIVE, address(call.onNegative()));
  }

  private long address(int target) {
    int index = target == SyscallProgram.RETURN ? program.calls().size() : target;
    return records.address() + (long) index * RECORD_BYTES;
  }

  private long value(Arg arg) {
    return switch (arg) {
      case Arg.Number number -> number.value();
      case Arg.Mode mode -> mode.value();
      case Arg.Text text -> bytes(PathBytes.encode(text.value()), 1);
      case Arg.Bytes raw -> bytes(raw.value(), 0);
      case Arg.Handle handle -> {
        Integer number = handles.get(handle.name());
        if (number == null) {
          throw new IllegalStateException("no descriptor given for " + handle.name());
        }
        yield number;
      }
      case Arg.Words words -> {
        MemorySegment memory = allocate(8L * words.values().size());
        for (int i = 0; i < words.values().size(); i++) {
          memory.set(ValueLayout.JAVA_LONG, 8L * i, value(words.values().get(i)));
        }
        yield memory.address();
      }
      case Arg.Out out ->
          outputs.computeIfAbsent(out.name(), ignored -> allocate(out.size())).address();
      case Arg.Slot slot ->
          throw new IllegalStateException(slot + " cannot be stored inside a struct");
    };
  }

  private long bytes(byte[] value, int zeros) {
    MemorySegment memory = allocate(value.length + zeros);
    MemorySegment.copy(value, 0, memory, ValueLayout.JAVA_BYTE, 0, value.length);
    return memory.address();
  }

  /** Small pieces come out of large zeroed chunks: one malloc for hundreds of strings. */
  private MemorySegment allocate(long size) {
    long aligned = Math.max(8, (size + 7) & ~7L);
    if (chunk.byteSize() - chunkUsed < aligned) {
      chunk = arena.allocate(Math.max(32 * 1024, aligned), 8);
      chunkUsed = 0;
    }
    MemorySegment piece = chunk.asSlice(chunkUsed, aligned);
    chunkUsed += aligned;
    return piece;
  }

  @Override
  public void close() {
    arena.close();
  }
}
