package io.slipway.runtime.process;

import io.slipway.runtime.linux.ProcessCalls;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Lets go of processes that became our children when their parents ended, and have ended too.
 * Nobody knows them, so nobody waits for them. What somebody does wait for is let go of at once: a
 * process that is seen to have ended at two looks is nobody's.
 */
public final class Orphans implements AutoCloseable {
  private static final Path THREADS = Path.of("/proc/self/task");

  private final Thread thread;

  /**
   * Begins to look.
   *
   * @param interval between two looks; much longer than anyone takes to wait for a process
   */
  public Orphans(Duration interval) {
    this.thread = Thread.ofVirtual().name("slipway-orphans").start(() -> lookEvery(interval));
  }

  private static void lookEvery(Duration interval) {
    Set<Integer> before = Set.of();
    try {
      while (true) {
        Thread.sleep(interval);
        before = look(before);
      }
    } catch (InterruptedException e) {
      // closed
      return;
    } catch (IOException e) {
      System.getLogger(Orphans.class.getName())
          .log(System.Logger.Level.WARNING, "ended processes stay in the list: " + e.getMessage());
    }
  }

  /** Lets go of those that had ended before already; returns the others that have. */
  private static Set<Integer> look(Set<Integer> before) throws IOException {
    Set<Integer> ended = new HashSet<>();
    for (int pid : children()) {
      if (hasEnded(pid) && !(before.contains(pid) && ProcessCalls.reapOrphan(pid))) {
        ended.add(pid);
      }
    }
    return ended;
  }

  private static Set<Integer> children() throws IOException {
    Set<Integer> all = new HashSet<>();
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
      for (Path thread : threads) {
        try {
          for (String pid : Files.readString(thread.resolve("children")).split(" ")) {
            if (!pid.isBlank()) {
              all.add(Integer.valueOf(pid.strip()));
            }
          }
        } catch (NoSuchFileException e) {
          // the thread has ended
          continue;
        }
      }
    }
    return all;
  }

  private static boolean hasEnded(int pid) throws IOException {
    try {
      String state = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return state.charAt(state.lastIndexOf(')') + 2) == 'Z';
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
