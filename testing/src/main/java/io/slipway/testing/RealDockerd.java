package io.slipway.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Debian's dockerd in folders of its own, without bridge and netfilter, to compare with. Needs
 * root. {@link #close} ends it and waits until it is gone.
 */
public final class RealDockerd implements AutoCloseable {
  private static final int START_SECONDS = 60;

  private final Path directory;
  private final Process process;

  private RealDockerd(Path directory, Process process) {
    this.directory = directory;
    this.process = process;
  }

  /** Starts a daemon and waits until it answers. */
  public static RealDockerd start(Path directory) throws IOException {
    Files.createDirectories(directory);
    ProcessBuilder builder =
        new ProcessBuilder(
            "dockerd",
            "--data-root=" + directory.resolve("data"),
            "--exec-root=" + directory.resolve("exec"),
            "--pidfile=" + directory.resolve("pid"),
            "--host=unix://" + directory.resolve("s"),
            "--bridge=none",
            "--iptables=false",
            "--ip6tables=false");
    builder.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile());
    RealDockerd dockerd = new RealDockerd(directory, builder.start());
    try {
      dockerd.awaitAnswer();
      return dockerd;
    } catch (IOException | AssertionError e) {
      dockerd.close();
      throw e;
    }
  }

  /** Runs {@code docker WORDS} against this daemon; its output. */
  public String docker(String... words) throws IOException {
    String[] command = new String[words.length + 1];
    command[0] = "docker";
    System.arraycopy(words, 0, command, 1, words.length);
    Map<String, String> environment =
        Map.of("DOCKER_HOST", "unix://" + directory.resolve("s"), "DOCKER_BUILDKIT", "1");
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
  }

  private void awaitAnswer() throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      try {
        docker("version");
        return;
      } catch (AssertionError e) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw new IOException(
              "dockerd does not answer: " + Files.readString(directory.resolve("log")), e);
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
