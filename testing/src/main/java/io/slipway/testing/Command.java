package io.slipway.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs a program for a test and fails with all it said when it fails. */
public final class Command {
  private Command() {}

  /** Output and errors of the program, which must exit with 0. */
  public static String run(Path directory, String... words) throws IOException {
    return run(directory, Map.of(), words);
  }

  /** As {@link #run(Path, String...)} with additional environment variables. */
  public static String run(Path directory, Map<String, String> environment, String... words)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code;
    try {
      code = process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted: " + List.of(words), e);
    }
    if (code != 0) {
      throw new AssertionError(List.of(words) + " exited with " + code + ":\n" + output);
    }
    return output;
  }
}
