package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C at every part of a build: it ends at once and nothing stays. Needs root. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class CancelIT {
  @TempDir static Path temp;
  private static SlipwayDaemon daemon;
  private static Shell shell;

  @BeforeAll
  static void start() throws IOException {
    daemon = new SlipwayDaemon(temp.resolve("daemon"), SlipwayDaemon.Network.numbered(15));
    daemon.importBase("busybox");
    shell = daemon.shell(temp);
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  private static Path context(String dockerfile) throws IOException {
    Path directory = Files.createTempDirectory(temp, "context");
    Files.writeString(directory.resolve("Dockerfile"), dockerfile);
    return directory;
  }

  /** Begins a build, waits until {@code begun}, and interrupts it. */
  private static void interrupt(String line, Wait.Condition begun, Path output) throws Exception {
    Process build =
        shell.start(
            "sh",
            "-c",
            // Whoever runs the tests in the background has SIGINT ignored, and its children too.
            "exec env --default-signal=INT "
                + SlipwayDaemon.LAUNCHER
                + " build "
                + line
                + " >"
                + output
                + " 2>&1");
    Wait.until(begun);
    shell.run("kill", "-INT", Long.toString(build.pid())).text();
    assertThat(build.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(build.exitValue()).as(Files.readString(output)).isEqualTo(130);
    Wait.until(() -> Leftovers.of(daemon).isEmpty());
    Wait.until(() -> sentContexts().isEmpty());
  }

  /** Contexts that are being unpacked or read. */
  private static List<Path> sentContexts() throws IOException {
    Path folder = daemon.dataRoot().resolve("build/contexts/unpacked");
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    }
  }

  private static Path output() throws IOException {
    return Files.createTempFile(temp, "build", ".log");
  }

  @Test
  void whileTheContextIsSent() throws Exception {
    Path context = context("FROM busybox\nCOPY large /\n");
    shell.in(context).sh("truncate -s 30M large && tar c . | head -c 20000000 >../half.tar").text();
    Path fifo = temp.resolve("fifo");
    shell.run("mkfifo", fifo.toString()).text();
    Process sender = shell.start("sh", "-c", "exec 3>" + fifo + "; cat half.tar >&3; sleep 600");
    try {
      interrupt("- <" + fifo, () -> !sentContexts().isEmpty(), output());
    } finally {
      sender.descendants().forEach(ProcessHandle::destroyForcibly);
      sender.destroyForcibly();
    }
  }

  @Test
  void whileFilesAreRead() throws Exception {
    Path context = context("FROM busybox\nCOPY large /\n");
    shell.in(context).run("truncate", "-s", "60G", "large").text();
    Path output = output();
    interrupt(
        context.toString(), () -> reads(daemon.process().pid(), context.resolve("large")), output);
  }

  @Test
  void whileABaseIsPulled() throws Exception {
    try (StallingRegistry registry = new StallingRegistry()) {
      Path context = context("FROM " + registry.image() + "\nRUN true\n");
      interrupt(context.toString(), registry::isStalled, output());
    }
  }

  @Test
  void whileAnImageOfACopyIsPulled() throws Exception {
    try (StallingRegistry registry = new StallingRegistry()) {
      Path context = context("FROM busybox\nCOPY --from=" + registry.image() + " /a /a\n");
      interrupt(context.toString(), registry::isStalled, output());
    }
  }

  @Test
  void whileTheImageIsPushed() throws Exception {
    try (StallingRegistry registry = new StallingRegistry()) {
      Path context = context("FROM busybox\nRUN head -c 9000000 /dev/urandom >/large\n");
      interrupt(
          "-o type=registry,name=" + registry.image() + " " + context,
          registry::isStalled,
          output());
      // the step is done: it is not made again
      assertThat(shell.run(SlipwayDaemon.LAUNCHER, "build", context.toString()).err())
          .contains("CACHED");
    }
  }

  @Test
  void whileTheCacheIsPushed() throws Exception {
    try (StallingRegistry registry = new StallingRegistry()) {
      Path context = context("FROM busybox\nRUN head -c 9000001 /dev/urandom >/large\n");
      interrupt(
          "--cache-to type=registry,ref=" + registry.image() + ",mode=max " + context,
          registry::isStalled,
          output());
    }
  }

  /** Whether a process has the file open. */
  private static boolean reads(long pid, Path file) throws IOException {
    return shell.sh("ls -l /proc/" + pid + "/fd | grep -q " + file).exitCode() == 0;
  }

  @Test
  void whileAnArchiveIsWritten() throws Exception {
    Path context = context("FROM busybox\nRUN head -c 400000000 /dev/urandom >/large\n");
    Path folder = Files.createDirectory(temp.resolve("archive"));
    Path output = output();
    interrupt(
        "-o type=oci,dest=" + folder + "/image.tar " + context,
        () -> Files.readString(output).contains("writing oci archive"),
        output);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
    // the step is done: it is not made again
    assertThat(shell.run(SlipwayDaemon.LAUNCHER, "build", context.toString()).err())
        .contains("CACHED");
  }
}
