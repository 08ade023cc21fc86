package io.slipway.cli.command;

import io.slipway.cli.client.EngineAddress;
import io.slipway.cli.client.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code context create} makes: a description, an endpoint, and its files for TLS. */
record NewContext(JsonValue metadata, JsonValue endpoint, Map<String, byte[]> tls) {
  private static final List<String> FILES = List.of("ca", "cert", "key");

  /**
   * Reads the command line.
   *
   * @param defaultHost the endpoint when none is given
   */
  static NewContext of(Invocation call, ContextStore store, String defaultHost) throws IOException {
    CsvOption endpoint = endpoint(call);
    String from = endpoint.first("from").isEmpty() ? call.text("--from") : endpoint.get("from");
    if (!from.isEmpty()) {
      Context source = store.read(from);
      JsonValue words =
          call.text("--description").isEmpty() ? source.meta().get("Metadata") : words(call);
      return new NewContext(words, source.endpoint(), tls(source));
    }
    return new NewContext(words(call), endpoint(host(endpoint, defaultHost), false), tls(endpoint));
  }

  /** What {@code context update} makes of a context: what is not given stays as it is. */
  static NewContext changing(Context old, Invocation call, ContextStore store, String defaultHost)
      throws IOException {
    CsvOption endpoint = endpoint(call);
    JsonObject words = new JsonObject();
    old.meta().get("Metadata").members().forEach(words::putName);
    if (!call.text("--description").isEmpty()) {
      words.put("Description", new JsonValue.Text(call.text("--description")));
    }
    if (endpoint.fields().isEmpty()) {
      return new NewContext(words.value(), old.endpoint(), tls(old));
    }
    String from = endpoint.get("from");
    if (from.equals(ContextStore.DEFAULT)) {
      return new NewContext(words.value(), endpoint(defaultHost, false), Map.of());
    }
    if (!from.isEmpty()) {
      Context source = store.read(from);
      return new NewContext(words.value(), source.endpoint(), tls(source));
    }
    String host = host(endpoint, defaultHost);
    return new NewContext(words.value(), endpoint(host, false), tls(endpoint));
  }

  private static String host(CsvOption endpoint, String defaultHost) {
    String host = endpoint.get("host").isEmpty() ? defaultHost : endpoint.get("host");
    EngineAddress.parse(host, Optional.empty());
    return host;
  }

  private static CsvOption endpoint(Invocation call) {
    String text = call.text("--docker");
    if (text.isEmpty()) {
      return new CsvOption("--docker", "", Map.of());
    }
    CsvOption endpoint = CsvOption.parse("--docker", text);
    for (String key : endpoint.fields().keySet()) {
      if (!List.of("host", "from", "ca", "cert", "key", "skip-tls-verify").contains(key)) {
        throw new CommandFailure(
            1, "unable to create docker endpoint config: unrecognized config key: " + key);
      }
    }
    if (endpoint.fields().containsKey("skip-tls-verify")) {
      throw new UsageException(
          "--docker skip-tls-verify is not supported: give the daemon's authority with ca=FILE");
    }
    return endpoint;
  }

  private static JsonValue words(Invocation call) {
    JsonObject words = new JsonObject();
    String description = call.text("--description");
    if (!description.isEmpty()) {
      words.put("Description", new JsonValue.Text(description));
    }
    return words.value();
  }

  static JsonValue endpoint(String host, boolean skipVerify) {
    return new JsonObject()
        .put("Host", new JsonValue.Text(host))
        .put("SkipTLSVerify", new JsonValue.Bool(skipVerify))
        .value();
  }

  private static Map<String, byte[]> tls(CsvOption endpoint) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : FILES) {
      if (!endpoint.get(name).isEmpty()) {
        files.put(name + ".pem", Files.readAllBytes(Path.of(endpoint.get(name))));
      }
    }
    return files;
  }

  /** The files of a context. */
  static Map<String, byte[]> tls(Context context) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : FILES) {
      Optional<Path> file = context.tlsFile(name);
      if (file.isPresent()) {
        files.put(name + ".pem", Files.readAllBytes(file.get()));
      }
    }
    return files;
  }

  JsonValue meta(String name) {
    return new JsonObject()
        .put("Name", new JsonValue.Text(name))
        .put("Metadata", metadata)
        .put("Endpoints.docker", endpoint)
        .value();
  }
}
