package io.slipway.runtime.cgroup;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.Kernel;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.linux.SystemCall;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Out-of-memory events of either generation. */
final class OomEvents implements OomSignal {
  private static final short POLLPRI = 2;
  private static final int EVENTS_BYTES = 1024;

  private final CgroupDirectory directory;
  private final Fd descriptor;
  private long seen;

  private OomEvents(CgroupDirectory directory, Fd descriptor, long seen) {
    this.directory = directory;
    this.descriptor = descriptor;
    this.seen = seen;
  }

  static OomEvents watch(CgroupDirectory directory) throws IOException {
    return directory.version() == CgroupVersion.V1 ? watchV1(directory) : watchV2(directory);
  }

  /** The kernel adds one to an event counter at each event, and once when the cgroup goes. */
  private static OomEvents watchV1(CgroupDirectory directory) throws IOException {
    Fd counter = FileCalls.eventCounter();
    try (Fd control = directory.open(MemoryController.V1_OOM, OpenFlags.O_RDONLY)) {
      directory.write("cgroup.event_control", counter.number() + " " + control.number());
      return new OomEvents(directory, counter, 0);
    } catch (IOException e) {
      counter.close();
      throw e;
    }
  }

  /** The file becomes "urgent" when one of its numbers changes. */
  private static OomEvents watchV2(CgroupDirectory directory) throws IOException {
    Fd events = directory.open(MemoryController.V2_EVENTS, OpenFlags.O_RDONLY);
    try {
      return new OomEvents(directory, events, oomsV2(events));
    } catch (IOException e) {
      events.close();
      throw e;
    }
  }

  /** Reads through the watched descriptor: that alone makes the kernel lower the signal. */
  private static long oomsV2(Fd events) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(EVENTS_BYTES);
      long length =
          Kernel.call(
              SystemCall.PREAD64,
              MemoryController.V2_EVENTS,
              events.number(),
              text.address(),
              EVENTS_BYTES,
              0);
      byte[] bytes = text.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
      return new String(bytes, StandardCharsets.US_ASCII)
          .lines()
          .filter(line -> line.startsWith("oom "))
          .mapToLong(line -> Long.parseLong(line.substring("oom ".length())))
          .findFirst()
          .orElse(0);
    }
  }

  @Override
  public Fd descriptor() {
    return descriptor;
  }

  @Override
  public short pollEvents() {
    return directory.version() == CgroupVersion.V1 ? ProcessCalls.POLLIN : POLLPRI;
  }

  @Override
  public synchronized boolean await(Duration limit) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      long left = Math.max(0, (deadline - System.nanoTime()) / 1_000_000);
      short[] ready = ProcessCalls.poll(new int[] {descriptor.number()}, pollEvents(), left);
      if (ready[0] != 0 && isOutOfMemory()) {
        return true;
      }
      if (!directory.has("cgroup.procs") || System.nanoTime() >= deadline) {
        return false;
      }
    }
  }

  private boolean isOutOfMemory() throws IOException {
    if (directory.version() == CgroupVersion.V1) {
      takeCount();
      return directory.has(MemoryController.V1_OOM);
    }
    if (!directory.has(MemoryController.V2_EVENTS)) {
      return false;
    }
    long now = oomsV2(descriptor);
    boolean more = now > seen;
    seen = now;
    return more;
  }

  private void takeCount() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      FileCalls.read(descriptor, arena.allocate(Long.BYTES, Long.BYTES));
    }
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
