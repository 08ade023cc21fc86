package io.slipway.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The real docker command against a socket. */
final class DockerCli {
  private static final String DOCKER = "/usr/local/bin/docker";
  private static final long LIMIT_SECONDS = 60;

  private final Path socket;
  private final Path config;

  DockerCli(Path socket, Path config) {
    this.socket = socket;
    this.config = config;
  }

  /** What a command printed and how it ended. */
  record Result(int code, String out, String err) {
    /** Both outputs without the last newline. */
    String all() {
      return (out + err).strip();
    }

    String line() {
      return out.strip();
    }
  }

  Result run(String... arguments) throws IOException, InterruptedException {
    return run(InputStream.nullInputStream(), arguments);
  }

  Result run(InputStream stdin, String... arguments) throws IOException, InterruptedException {
    Process process = start(arguments);
    CompletableFuture<byte[]> out = drain(process.getInputStream());
    CompletableFuture<byte[]> err = drain(process.getErrorStream());
    CompletableFuture.runAsync(() -> {
      try (OutputStream to = process.getOutputStream()) {
        stdin.transferTo(to);
      } catch (IOException e) {
        // the command ended before it read everything
        return;
      }
    });
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(
          "docker " + String.join(" ", arguments) + " hangs; so far: " + now(out) + now(err));
    }
    return new Result(process.exitValue(), text(out), text(err));
  }

  /** Starts a command and leaves it running. */
  Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(DOCKER));
    command.addAll(List.of(arguments));
    return start(command);
  }

  /** Any command with the environment of docker. */
  Process start(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("DOCKER_HOST", "unix://" + socket);
    builder.environment().put("DOCKER_CONFIG", config.toString());
    builder.environment().put("DOCKER_CLI_HINTS", "false");
    return builder.start();
  }

  /** Runs a command that must succeed; its standard output without the last newline. */
  String ok(String... arguments) throws IOException, InterruptedException {
    Result result = run(arguments);
    if (result.code() != 0) {
      throw new AssertionError(
          "docker " + String.join(" ", arguments) + ": " + result.code() + " " + result.all());
    }
    return result.line();
  }

  static CompletableFuture<byte[]> drain(InputStream in) {
    return CompletableFuture.supplyAsync(
        () -> {
          ByteArrayOutputStream all = new ByteArrayOutputStream();
          try {
            in.transferTo(all);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return all.toByteArray();
        },
        task -> Thread.ofVirtual().start(task));
  }

  private static String text(CompletableFuture<byte[]> bytes) {
    return new String(bytes.join(), StandardCharsets.UTF_8);
  }

  private static String now(CompletableFuture<byte[]> bytes) {
    return new String(bytes.getNow(new byte[0]), StandardCharsets.UTF_8);
  }
}
