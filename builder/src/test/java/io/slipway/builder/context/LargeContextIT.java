package io.slipway.builder.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.builder.graph.ContentRead;
import io.slipway.builder.remote.Remotes;
import io.slipway.image.model.Digest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A build of 20,000 unchanged files asks for their status and reads none. */
class LargeContextIT {
  private static final int FILES = 20_000;
  private static final int ROUNDS = 15;

  /** Of processor time, which what else the machine does hardly changes. */
  private static final long MOST_MILLIS = 150;

  /** The files hold some 480,000 bytes. */
  private static final long MOST_BYTES_READ = 100_000;

  private static final ContentRead ALL = new ContentRead(1, "/", true, List.of());

  @TempDir Path temp;

  @Test
  void isQuickWhenNothingChanged() throws IOException, InterruptedException {
    Path root = temp.resolve("root");
    make(root);
    Thread.sleep(100);
    long start = System.nanoTime();
    Digest first =
        build(BuildContexts.in(temp.resolve("build"), Remotes.in(temp.resolve("remotes"))), root);
    long cold = millis(start);
    start = System.nanoTime();
    BuildContexts daemon =
        BuildContexts.in(temp.resolve("build"), Remotes.in(temp.resolve("remotes")));
    assertEquals(first, build(daemon, root));
    long restarted = millis(start);
    long[] warm = new long[ROUNDS];
    long[] processor = new long[ROUNDS];
    long[] read = new long[ROUNDS];
    ThreadMXBean thread = ManagementFactory.getThreadMXBean();
    for (int i = 0; i < ROUNDS; i++) {
      start = System.nanoTime();
      long used = thread.getCurrentThreadCpuTime();
      long before = bytesRead();
      assertEquals(first, build(daemon, root));
      read[i] = bytesRead() - before;
      processor[i] = (thread.getCurrentThreadCpuTime() - used) / 1_000_000;
      warm[i] = millis(start);
    }
    for (long[] figures : List.of(warm, processor, read)) {
      Arrays.sort(figures);
    }
    System.out.printf(
        "%d files: first %d ms, after a restart %d ms, warm median %d ms (%d ms of processor)%n",
        FILES, cold, restarted, warm[ROUNDS / 2], processor[ROUNDS / 2]);
    assertTrue(processor[ROUNDS / 2] < MOST_MILLIS, () -> Arrays.toString(processor));
    assertTrue(read[ROUNDS / 2] < MOST_BYTES_READ, () -> Arrays.toString(read));
  }

  /** What this process has read so far, from files and pipes. */
  private static long bytesRead() throws IOException {
    String line = Files.readAllLines(Path.of("/proc/self/io")).getFirst();
    return Long.parseLong(line.substring("rchar: ".length()));
  }

  private static Digest build(BuildContexts daemon, Path root) throws IOException {
    try (BuildContext context =
        daemon.open(
            new ContextSource.Directory(root), new DockerfileSource.InContext("Dockerfile"))) {
      return context.content(ALL);
    }
  }

  private static void make(Path root) throws IOException {
    for (int i = 0; i < FILES; i++) {
      Path directory = root.resolve("src/" + i % 20 + "/" + i / 20 % 20);
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("file" + i + ".txt"), "content of file " + i);
    }
    Files.writeString(root.resolve("Dockerfile"), "FROM scratch");
    Files.writeString(
        root.resolve(".dockerignore"), ".git\n**/node_modules\n**/*.log\nbuild\n!build/keep\n");
  }

  private static long millis(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }
}
