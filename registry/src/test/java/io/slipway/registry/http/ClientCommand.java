package io.slipway.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a command line client and checks its exit status. */
final class ClientCommand {
  private static final long TIMEOUT_SECONDS = 120;

  private ClientCommand() {}

  /** Its output, standard error included; {@code home} keeps its files. */
  static String run(Path home, String... command) throws IOException, InterruptedException {
    Process process = start(home, command);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(String.join(" ", command) + "\n" + output).isZero();
    return output;
  }

  /** Its output; the exit status must not be 0. */
  static String fail(Path home, String... command) throws IOException, InterruptedException {
    Process process = start(home, command);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(String.join(" ", command) + "\n" + output).isNotZero();
    return output;
  }

  private static Process start(Path home, String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(List.of(command)).redirectErrorStream(true);
    builder.environment().put("HOME", home.toString());
    builder.environment().put("TMPDIR", home.toString());
    Path config = Files.createDirectories(home.resolve("docker")).resolve("config.json");
    if (!Files.exists(config)) {
      Files.writeString(config, "{}");
    }
    builder.environment().put("DOCKER_CONFIG", config.getParent().toString());
    return builder.start();
  }
}
