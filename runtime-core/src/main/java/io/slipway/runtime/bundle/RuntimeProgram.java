package io.slipway.runtime.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipway.runtime.container.ContainerStartException;
import io.slipway.runtime.linux.Fd;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An OCI runtime and its command line, as runc has it and others follow it.
 *
 * @param name what the user calls it, for messages
 * @param state where it keeps its own records
 */
record RuntimeProgram(String name, Path program, Path state) {
  private static final int PATIENCE_SECONDS = 60;
  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;
  private static final int OTHER = 128;
  private static final List<String> MISSING =
      List.of("executable file not found", "no such file or directory");
  private static final List<String> DENIED =
      List.of("permission denied", "is a directory", "not a directory");
  private static final File NOTHING = new File("/dev/null");

  /** Streams of the process to make, by the names of the handles of a process. */
  record Streams(File stdin, File stdout, File stderr) {
    static final Streams NONE = new Streams(NOTHING, NOTHING, NOTHING);

    static Streams of(Map<String, Fd> ends) {
      return new Streams(file(ends, "stdin"), file(ends, "stdout"), file(ends, "stderr"));
    }

    /** A pipe is opened anew by the path of its descriptor. */
    private static File file(Map<String, Fd> ends, String name) {
      return new File("/proc/self/fd/" + ends.get(name).number());
    }
  }

  /** Runs one of the commands; what it refuses is thrown in its own words. */
  void run(BundleLayout bundle, Streams streams, List<String> words) throws IOException {
    String command = words.getFirst();
    Files.deleteIfExists(bundle.log());
    List<String> line =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--root",
                state.toString(),
                "--log",
                bundle.log().toString(),
                "--log-format",
                "json"));
    line.addAll(words);
    int code = exitCode(command, line, streams);
    if (code != 0) {
      throw refused(command, code, bundle);
    }
  }

  private int exitCode(String command, List<String> line, Streams streams) throws IOException {
    Process process;
    try {
      process =
          new ProcessBuilder(line)
              .redirectInput(streams.stdin())
              .redirectOutput(ProcessBuilder.Redirect.appendTo(streams.stdout()))
              .redirectError(ProcessBuilder.Redirect.appendTo(streams.stderr()))
              .start();
    } catch (IOException e) {
      throw new IOException("runtime " + name + ": " + e.getMessage(), e);
    }
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(
            "runtime %s: %s gave no answer within %d seconds"
                .formatted(name, command, PATIENCE_SECONDS));
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while runtime " + name + " had to " + command, e);
    } finally {
      process.destroyForcibly();
    }
  }

  private ContainerStartException refused(String command, int code, BundleLayout bundle)
      throws IOException {
    String said = lastError(bundle);
    String reason = said.isEmpty() ? program + " ended with code " + code : said;
    String lower = reason.toLowerCase(Locale.ROOT);
    int exitCode = OTHER;
    if (lower.contains("exec: ") || lower.contains("exec `") || lower.contains("chdir")) {
      exitCode =
          MISSING.stream().anyMatch(lower::contains)
              ? NOT_FOUND
              : DENIED.stream().anyMatch(lower::contains) ? NOT_EXECUTABLE : OTHER;
    }
    return new ContainerStartException(
        exitCode,
        "OCI runtime %s failed: %s".formatted(command.equals("exec") ? "exec" : "create", reason),
        null);
  }

  /** The program's last words in its log. */
  private static String lastError(BundleLayout bundle) throws IOException {
    String said = "";
    if (Files.exists(bundle.log())) {
      for (String line : Files.readAllLines(bundle.log())) {
        JsonNode entry = new ObjectMapper().readTree(line);
        if (entry.path("level").asText().equals("error")) {
          said = entry.path("msg").asText();
        }
      }
    }
    return said;
  }
}
