package io.slipway.cli.command;

import io.slipway.cli.client.EngineAddress;
import io.slipway.cli.client.EngineClient;
import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** How a build's context reaches the daemon: read in place by a daemon of ours, or as a stream. */
sealed interface BuildContextUpload {
  /** Sends the build request with the context. */
  EngineResponse send(EngineClient client, Query query, Map<String, String> headers)
      throws IOException;

  /** The upload for what the command line names: a directory, or "-". */
  static BuildContextUpload of(Invocation call, EngineClient client, String where)
      throws IOException {
    String file = call.text("--file");
    if (where.equals("-") && file.equals("-")) {
      throw new UsageException(
          "invalid argument: can't use stdin for both build context and dockerfile");
    }
    if (where.equals("-")) {
      return new Stdin(call.console(), file);
    }
    Path directory = Path.of(where);
    if (!Files.exists(directory) && RemoteContext.isRemote(where)) {
      return new Remote(RemoteContext.url(where), file, dockerfile(call, file));
    }
    if (!Files.exists(directory)) {
      throw new CommandFailure(1, "unable to prepare context: path \"" + where + "\" not found");
    }
    if (!Files.isDirectory(directory)) {
      throw new CommandFailure(
          1, "unable to prepare context: context must be a directory: " + where);
    }
    if (client.address() instanceof EngineAddress.Unix && isOurs(client)) {
      return new InPlace(directory.toRealPath(), file, dockerfile(call, file));
    }
    throw new UsageException(
        "building on "
            + client.address()
            + " is not built yet: only a Slipway daemon on a unix socket of this machine");
  }

  /** The text of a Dockerfile on standard input. */
  private static String dockerfile(Invocation call, String file) throws IOException {
    if (!file.equals("-")) {
      return "";
    }
    String text = new String(call.console().in().readAllBytes(), StandardCharsets.UTF_8);
    if (text.isBlank()) {
      throw new CommandFailure(1, "the Dockerfile (standard input) cannot be empty");
    }
    return text;
  }

  /** The Dockerfile's text if it comes with the session; empty if it is in a file. */
  default String dockerfile() {
    return "";
  }

  private static boolean isOurs(EngineClient client) throws IOException {
    try (EngineResponse answer = client.head(Query.of("/_ping"))) {
      return answer.header("server").startsWith("Slipway/");
    }
  }

  /** The daemon reads the directory itself. */
  record InPlace(Path directory, String file, String dockerfile) implements BuildContextUpload {
    @Override
    public EngineResponse send(EngineClient client, Query query, Map<String, String> headers)
        throws IOException {
      Query whole = query.with("contextdir", directory.toString());
      if (!file.isEmpty() && dockerfile.isEmpty()) {
        whole = whole.with("dockerfile", Path.of(file).toAbsolutePath().normalize().toString());
      }
      return client.post(whole, headers);
    }
  }

  /** A URL that the daemon fetches. */
  record Remote(String url, String file, String dockerfile) implements BuildContextUpload {
    @Override
    public EngineResponse send(EngineClient client, Query query, Map<String, String> headers)
        throws IOException {
      Query whole = query.with("remote", url);
      return client.post(
          dockerfile.isEmpty() ? whole.ifPresent("dockerfile", file) : whole, headers);
    }
  }

  /** Standard input: a Dockerfile, or a tar whose Dockerfile {@code -f} names. */
  record Stdin(Console console, String file) implements BuildContextUpload {
    @Override
    public EngineResponse send(EngineClient client, Query query, Map<String, String> headers)
        throws IOException {
      Map<String, String> all = new java.util.TreeMap<>(headers);
      all.put("Content-Type", "application/x-tar");
      return client.stream(
          "POST",
          query.ifPresent("dockerfile", file),
          all,
          out -> StdinContext.copy(console.in(), out));
    }
  }
}
