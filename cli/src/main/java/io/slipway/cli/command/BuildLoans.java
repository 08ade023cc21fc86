package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code --secret} and {@code --ssh} lend to a build, as the daemon is told. */
final class BuildLoans {
  private static final long MAX_SECRET_BYTES = 500 << 10;

  private final List<JsonValue> secrets = new ArrayList<>();
  private final List<JsonValue> agents = new ArrayList<>();

  static BuildLoans of(Invocation call) throws IOException {
    var loans = new BuildLoans();
    for (String secret : call.list("--secret")) {
      loans.secret(CsvOption.parse("--secret", secret));
    }
    for (String agent : call.list("--ssh")) {
      loans.agent(agent);
    }
    return loans;
  }

  boolean isEmpty() {
    return secrets.isEmpty() && agents.isEmpty();
  }

  JsonValue secrets() {
    return new JsonValue.Arr(secrets);
  }

  JsonValue agents() {
    return new JsonValue.Arr(agents);
  }

  private void secret(CsvOption option) throws IOException {
    option.allow("type", "id", "source", "src", "env");
    String id = option.get("id");
    if (id.isEmpty()) {
      throw new UsageException("--secret needs an id: id=NAME[,src=FILE|env=VARIABLE]");
    }
    String file = option.first("source", "src");
    String variable = option.get("env");
    String type = option.get("type");
    if (!List.of("", "file", "env").contains(type)) {
      throw new UsageException("unsupported secret type \"" + type + "\": use file or env");
    }
    if (type.equals("env") && variable.isEmpty()) {
      variable = file.isEmpty() ? id : file;
      file = "";
    }
    if (file.isEmpty() && variable.isEmpty()) {
      // as docker has it: a variable of that name, else a file
      variable = !type.equals("file") && System.getenv(id) != null ? id : "";
      file = variable.isEmpty() ? id : "";
    }
    byte[] value = file.isEmpty() ? fromEnvironment(variable) : fromFile(id, file);
    secrets.add(object("id", id, "value", Base64.getEncoder().encodeToString(value)));
  }

  private static byte[] fromEnvironment(String variable) {
    String value = System.getenv(variable);
    return (value == null ? "" : value).getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static byte[] fromFile(String id, String file) throws IOException {
    Path path = Path.of(file);
    try {
      if (Files.size(path) > MAX_SECRET_BYTES) {
        throw new UsageException(
            "secret " + id + " is larger than " + MAX_SECRET_BYTES + " bytes: " + file);
      }
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw new CommandFailure(1, "failed to stat " + file + ": no such file (secret " + id + ")");
    }
  }

  /** {@code default}, {@code ID} or {@code ID=SOCKET}. */
  private void agent(String option) {
    int equals = option.indexOf('=');
    String id = equals < 0 ? option : option.substring(0, equals);
    String socket = equals < 0 ? System.getenv("SSH_AUTH_SOCK") : option.substring(equals + 1);
    if (socket == null || socket.isEmpty()) {
      throw new CommandFailure(
          1,
          "invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set (--ssh " + option + ")");
    }
    Path path = Path.of(socket).toAbsolutePath();
    if (Files.isRegularFile(path)) {
      throw new CommandFailure(
          1,
          "--ssh "
              + option
              + ": "
              + path
              + " is a key, not the socket of an agent: ssh-add it and give --ssh "
              + id);
    }
    if (!Files.exists(path)) {
      throw new CommandFailure(1, "--ssh " + option + ": no socket at " + path);
    }
    agents.add(object("id", id.isEmpty() ? "default" : id, "socket", path.toString()));
  }

  private static JsonValue object(String... namesAndValues) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put(namesAndValues[i], new JsonValue.Text(namesAndValues[i + 1]));
    }
    return new JsonValue.Obj(members);
  }
}
