package io.slipway.cli.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Runs programs as a user would, in a folder and with an environment, and tells what they printed.
 *
 * @param environment added to the test's own; an empty value removes the variable
 */
record Shell(Path directory, Map<String, String> environment) {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** How a program ended. */
  record Result(List<String> command, int exitCode, String out, String err) {
    /** Standard output of a program that went well; fails the test otherwise. */
    String text() {
      if (exitCode != 0) {
        throw new AssertionError(this.toString());
      }
      return out;
    }

    @Override
    public String toString() {
      return "%s%n  exit code %d%n  out: %s%n  err: %s".formatted(command, exitCode, out, err);
    }
  }

  Shell with(String name, String value) {
    Map<String, String> more = new TreeMap<>(environment);
    more.put(name, value);
    return new Shell(directory, more);
  }

  Shell in(Path other) {
    return new Shell(other, environment);
  }

  Result run(String... command) {
    return run(InputStream.nullInputStream(), command);
  }

  /** Runs a line of shell. */
  Result sh(String line) {
    return run("sh", "-c", line);
  }

  Result run(InputStream stdin, String... command) {
    try {
      Process process = start(command);
      var feed =
          Thread.ofVirtual()
              .start(() -> {
                try (var in = process.getOutputStream()) {
                  stdin.transferTo(in);
                } catch (IOException e) {
                  // The program ended before it read all: its output tells what happened.
                  return;
                }
              });
      CompletableFuture<byte[]> err =
          CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
      CompletableFuture<byte[]> out =
          CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError(Arrays.toString(command) + " did not end within " + LIMIT);
      }
      feed.join();
      return new Result(
          List.of(command),
          process.exitValue(),
          new String(out.join(), StandardCharsets.UTF_8),
          new String(err.join(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(Arrays.toString(command) + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Starts a program and leaves it running. */
  Process start(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    environment.forEach((name, value) -> {
      if (value.isEmpty()) {
        builder.environment().remove(name);
      } else {
        builder.environment().put(name, value);
      }
    });
    return builder.start();
  }

  private static byte[] read(InputStream in) {
    try {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
