package io.slipway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Debian's dockerd in folders of its own, without bridge and netfilter, to compare with. Needs
 * root. {@link #close} ends it and waits until it is gone.
 */
public final class RealDockerd implements AutoCloseable {
  private static final int START_SECONDS = 60;

  private static final int LOG_CHARACTERS = 2000;

  private final Path directory;
  private final Path sockets;
  private final Process process;

  private RealDockerd(Path directory, Path sockets, Process process) {
    this.directory = directory;
    this.sockets = sockets;
    this.process = process;
  }

  /** Starts a daemon and waits until it answers. */
  public static RealDockerd start(Path directory) throws IOException {
    Files.createDirectories(directory);
    // A socket's address has room for 107 bytes: too short for a path below a module's target.
    Path sockets = Files.createTempDirectory(Path.of("/run"), "swd");
    ProcessBuilder builder =
        new ProcessBuilder(
            "dockerd",
            "--data-root=" + directory.resolve("data"),
            "--exec-root=" + sockets.resolve("e"),
            "--pidfile=" + directory.resolve("pid"),
            "--host=unix://" + sockets.resolve("s"),
            "--bridge=none",
            "--iptables=false",
            "--ip6tables=false");
    builder.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile());
    RealDockerd dockerd = new RealDockerd(directory, sockets, builder.start());
    try {
      dockerd.awaitAnswer();
      return dockerd;
    } catch (IOException | AssertionError e) {
      dockerd.close();
      throw e;
    }
  }

  /**
   * Runs {@code docker WORDS} against this daemon; its output. Builds are the classic builder's,
   * since Debian has no buildx.
   */
  public String docker(String... words) throws IOException {
    String[] command = new String[words.length + 1];
    command[0] = "docker";
    System.arraycopy(words, 0, command, 1, words.length);
    Map<String, String> environment =
        Map.of("DOCKER_HOST", "unix://" + sockets.resolve("s"), "DOCKER_BUILDKIT", "0");
    return Command.run(directory, environment, command);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    deleteSockets();
  }

  private void deleteSockets() {
    try (Stream<Path> all = Files.walk(sockets)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("dockerd left something in " + sockets, e);
    }
  }

  private String log() throws IOException {
    String text = Files.readString(directory.resolve("log"));
    return text.substring(Math.max(0, text.length() - LOG_CHARACTERS));
  }

  private void awaitAnswer() throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      try {
        docker("version");
        return;
      } catch (AssertionError e) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw new IOException("dockerd does not answer: " + log(), e);
        }
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while dockerd starts", e);
      }
    }
  }
}
