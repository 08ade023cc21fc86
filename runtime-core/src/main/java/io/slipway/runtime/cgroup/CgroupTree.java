package io.slipway.runtime.cgroup;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.LinuxException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Walks and removes cgroup directories. */
final class CgroupTree {
  /** Exiting processes are let go of within milliseconds; a second is for a loaded machine. */
  private static final int REMOVE_TRIES = 60;

  private static final int MAX_PAUSE_MILLIS = 50;

  private CgroupTree() {}

  /**
   * The directory and those below it, parents first; empty if it does not exist. Others make and
   * remove directories meanwhile: one that went away hides none of those that stayed.
   */
  static List<Path> below(Path root) throws IOException {
    List<Path> found = new ArrayList<>();
    Deque<Path> open = new ArrayDeque<>(List.of(root));
    while (!open.isEmpty()) {
      Path directory = open.removeFirst();
      Optional<List<Path>> children = children(directory);
      if (children.isPresent()) {
        found.add(directory);
        open.addAll(children.get());
      }
    }
    return found;
  }

  /** The directories in a directory, by name; empty if it does not exist (any more). */
  static Optional<List<Path>> children(Path directory) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
      entries.forEach(found::add);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (DirectoryIteratorException e) {
      if (Files.isDirectory(directory)) {
        throw e.getCause();
      }
      return Optional.empty();
    }
    found.sort(null);
    return Optional.of(found);
  }

  /** All processes in the directory and below it. */
  static List<Integer> pids(Path root) throws IOException {
    TreeSet<Integer> pids = new TreeSet<>();
    for (Path directory : below(root)) {
      try {
        FileCalls.readText(directory.resolve("cgroup.procs"))
            .lines()
            .map(Integer::valueOf)
            .forEach(pids::add);
      } catch (LinuxException e) {
        // A cgroup removed meanwhile has no processes; anything else must be told.
        if (Files.isDirectory(directory) && !isRemoved(e)) {
          throw e;
        }
      }
    }
    // Processes of another pid namespace are listed as 0 and cannot be signalled.
    pids.remove(0);
    return new ArrayList<>(pids);
  }

  /**
   * {@code ENODEV}: the cgroup went away at an open or between it and a read, and its directory may
   * still be seen, or another of its name already.
   */
  private static boolean isRemoved(LinuxException failure) {
    return failure.is(Errno.ENODEV) || failure.is(Errno.ENOENT);
  }

  /** Removes the directories with everything below them, trying for a short while. */
  static void remove(List<Path> roots) throws IOException {
    int pause = 1;
    for (int attempt = 0; ; attempt++) {
      Optional<IOException> busy = removeAll(roots);
      if (busy.isEmpty()) {
        return;
      }
      if (attempt >= REMOVE_TRIES) {
        throw new IOException("remove cgroup: " + busy.get().getMessage(), busy.get());
      }
      sleepMillis(pause);
      pause = Math.min(pause * 2, MAX_PAUSE_MILLIS);
    }
  }

  /** Removes what has no process; false if something is left. */
  static boolean tryRemove(List<Path> roots) {
    return removeAll(roots).isEmpty();
  }

  /** The failure of the last directory that is still in use. */
  private static Optional<IOException> removeAll(List<Path> roots) {
    Optional<IOException> busy = Optional.empty();
    for (Path root : roots) {
      try {
        removeOnce(root);
      } catch (IOException e) {
        busy = Optional.of(e);
      }
    }
    return busy;
  }

  private static void removeOnce(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      return;
    }
    try {
      Files.delete(root);
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      List<Path> children = new ArrayList<>(below(root));
      children.sort(Comparator.reverseOrder());
      for (Path child : children) {
        Files.deleteIfExists(child);
      }
    }
  }

  static void sleepMillis(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a cgroup", e);
    }
  }
}
