package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A {@code docker-credential-NAME} program: the server's name on standard input, JSON back. */
record CredentialHelper(String program) {
  static CredentialHelper named(String name) {
    return new CredentialHelper("docker-credential-" + name);
  }

  /** The credentials for a registry; an empty object when the helper has none. */
  JsonValue get(String registry) throws IOException {
    Answer answer = run("get", registry);
    if (answer.exitCode() != 0) {
      if (answer.text().contains("credentials not found")) {
        return new JsonValue.Obj(Map.of());
      }
      throw new IOException(program + " get: " + answer.text().trim());
    }
    JsonValue found =
        JsonValue.read(new ByteArrayInputStream(answer.text().getBytes(StandardCharsets.UTF_8)));
    return DockerConfig.login(found.text("Username"), found.text("Secret"), registry);
  }

  void store(String registry, String user, String password) throws IOException {
    Map<String, JsonValue> entry = new LinkedHashMap<>();
    entry.put("ServerURL", new JsonValue.Text(registry));
    entry.put("Username", new JsonValue.Text(user));
    entry.put("Secret", new JsonValue.Text(password));
    succeed("store", new JsonValue.Obj(entry).print(false));
  }

  void erase(String registry) throws IOException {
    succeed("erase", registry);
  }

  private void succeed(String verb, String input) throws IOException {
    Answer answer = run(verb, input);
    if (answer.exitCode() != 0) {
      throw new IOException(program + " " + verb + ": " + answer.text().trim());
    }
  }

  private record Answer(int exitCode, String text) {}

  private Answer run(String verb, String input) throws IOException {
    Process process = new ProcessBuilder(program, verb).redirectErrorStream(true).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      return new Answer(process.waitFor(), text);
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + program);
    }
  }
}
