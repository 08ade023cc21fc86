package io.slipway.cli.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A server program of the test's own: started with its log in a file, ended by its pid. */
final class ServerProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final Process process;
  private final Path log;

  ServerProcess(Path log, Map<String, String> environment, List<String> command) {
    this.log = log;
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    try {
      this.process = builder.start();
    } catch (IOException e) {
      throw new AssertionError(command + ": " + e.getMessage(), e);
    }
  }

  ServerProcess awaitReady(BooleanSupplier ready) {
    Instant limit = Instant.now().plus(START_LIMIT);
    while (!ready.getAsBoolean()) {
      if (!process.isAlive() || Instant.now().isAfter(limit)) {
        String words = log();
        close();
        throw new AssertionError("the server did not start:\n" + words);
      }
      pause();
    }
    return this;
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** kill -9, of the server alone. */
  void killHard() {
    process.destroyForcibly();
    await();
  }

  int await() {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new AssertionError("pid " + pid() + " did not end:\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    await();
  }
}
