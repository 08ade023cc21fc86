package io.slipway.runtime.snapshot;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.Kernel;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.SystemCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;

/**
 * Tells which committed snapshots can be trusted after the machine went down. Syncing each build
 * step would cost more than the step; so commits are numbered, one {@code syncfs} now and then
 * covers all before it, and after a boot those beyond the last number are given up. A killed daemon
 * loses nothing: the page cache is the kernel's.
 */
final class Settling {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final SnapshotLayout layout;
  private final String boot;
  private final TreeSet<Long> inFlight = new TreeSet<>();
  private long committed;
  private long settled;

  private Settling(SnapshotLayout layout, String boot, long settled) {
    this.layout = layout;
    this.boot = boot;
    this.settled = settled;
    this.committed = settled;
  }

  static Settling open(SnapshotLayout layout) throws IOException {
    return new Settling(
        layout, Files.readString(BOOT_ID).strip(), SnapshotRecord.readSettled(layout.settled()));
  }

  String boot() {
    return boot;
  }

  /** Whether the files of this snapshot are certainly whole. */
  boolean isTrusted(SnapshotRecord.Committed record) {
    return record.boot().equals(boot) || record.sequence() <= settled;
  }

  /** Takes note of a commit found on disk. */
  synchronized void seen(long sequence) {
    committed = Math.max(committed, sequence);
  }

  /** Starts a commit whose files are written, but not its record; returns its number. */
  synchronized long begin() {
    inFlight.add(++committed);
    return committed;
  }

  /** The record of this commit is written, or the commit was given up. */
  synchronized void end(long sequence) {
    inFlight.remove(sequence);
  }

  /** Syncs the file system if there were commits since the last time. */
  void settle() throws IOException {
    long upTo;
    synchronized (this) {
      upTo = inFlight.isEmpty() ? committed : inFlight.first() - 1;
      if (upTo <= settled) {
        return;
      }
    }
    syncFileSystem();
    SnapshotRecord.writeSettled(layout.settled(), upTo);
    syncFileSystem();
    synchronized (this) {
      settled = Math.max(settled, upTo);
    }
  }

  private void syncFileSystem() throws IOException {
    try (Fd root = FileCalls.open(layout.root(), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, 0)) {
      Kernel.call(SystemCall.SYNCFS, layout.root().toString(), root.number());
    }
  }
}
