package io.slipway.image.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A {@code docker-credential-NAME} program (docker-credential-helpers protocol): the server's
 * address on its input, a JSON object on its output.
 */
final class CredentialHelper {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MAX_OUTPUT = 1 << 20;

  /** The user name that marks the secret as an identity token. */
  private static final String TOKEN_USER = "<token>";

  private final String program;
  private final String searchPath;

  /** {@code searchPath} lists the directories to find the program in, as PATH does. */
  CredentialHelper(String name, String searchPath) {
    if (!NAME.matcher(name).matches()) {
      throw SlipwayException.invalid("invalid credential helper name \"" + name + "\"");
    }
    this.program = "docker-credential-" + name;
    this.searchPath = searchPath;
  }

  /** Asks for the credentials of a server; empty when the helper has none. */
  Optional<Credentials> get(String server) {
    Process process = start();
    try {
      String output = exchange(process, server);
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw failed("no answer for " + PATIENCE.toSeconds() + " seconds", null);
      }
      if (process.exitValue() != 0) {
        if (output.contains("credentials not found")) {
          return Optional.empty();
        }
        throw failed(output.isBlank() ? "exit status " + process.exitValue() : output, null);
      }
      return Optional.of(parse(output));
    } catch (IOException e) {
      throw failed(e.getMessage(), e);
    } catch (InterruptedException e) {
      throw Backoff.cancelled(e);
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start() {
    Path executable =
        Arrays.stream(searchPath.split(":"))
            .filter(directory -> !directory.isEmpty())
            .map(directory -> Path.of(directory, program))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(() ->
                failed("exec: \"" + program + "\": executable file not found in $PATH", null));
    try {
      return new ProcessBuilder(executable.toString(), "get")
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw failed(e.getMessage(), e);
    }
  }

  /** A helper that hangs is ended by a watching thread, which also ends the reading. */
  private String exchange(Process process, String server) throws IOException {
    Thread watch =
        Thread.ofVirtual()
            .start(() -> {
              try {
                if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                  process.destroyForcibly();
                }
              } catch (InterruptedException e) {
                // the exchange is over
                return;
              }
            });
    try {
      try (OutputStream input = process.getOutputStream()) {
        input.write(server.getBytes(StandardCharsets.UTF_8));
      }
      byte[] output = process.getInputStream().readNBytes(MAX_OUTPUT);
      return new String(output, StandardCharsets.UTF_8).strip();
    } finally {
      watch.interrupt();
    }
  }

  private Credentials parse(String output) {
    JsonNode json;
    try {
      json = RegistryErrors.JSON.readTree(output);
    } catch (JsonProcessingException e) {
      throw failed("its output is not JSON", null);
    }
    String user = json.path("Username").asText("");
    String secret = json.path("Secret").asText("");
    if (user.isEmpty() || secret.isEmpty()) {
      return new Credentials.Anonymous();
    }
    return user.equals(TOKEN_USER)
        ? new Credentials.IdentityToken(secret)
        : new Credentials.Basic(user, secret);
  }

  private SlipwayException failed(String reason, Throwable cause) {
    return new SlipwayException(
        ErrorKind.INVALID,
        "error getting credentials - err: " + reason + ", program: " + program,
        cause);
  }
}
