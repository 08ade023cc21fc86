package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code run} and {@code create} send: the options of the command line as the API's JSON. */
record ContainerRequest(Query query, JsonValue body, String image, boolean autoRemove) {
  /** Adds the options both commands have. */
  static void describe(Options options) {
    RunOption.TABLE.forEach(option -> option.describe(options));
    options
        .list("Attach to STDIN, STDOUT or STDERR", "list", "-a", "--attach")
        .text("Write the container ID to the file", "string", "--cidfile")
        .text("Overwrite the default ENTRYPOINT of the image", "string", "--entrypoint")
        .list("Set environment variables", "list", "-e", "--env")
        .list("Read in a file of environment variables", "list", "--env-file")
        .list("Expose a port or a range of ports", "list", "--expose")
        .flag("Keep STDIN open even if not attached", "-i", "--interactive")
        .text("Assign a name to the container", "string", "--name")
        .list("Read in a line delimited file of labels", "list", "--label-file")
        .text("Set platform if server is multi-platform capable", "string", "--platform")
        .list("Publish a container's port(s) to the host", "list", "-p", "--publish")
        .text("Pull image before running (\"always\", \"missing\", \"never\")", "string", "--pull")
        .flag("Suppress the pull output", "-q", "--quiet")
        .text("Restart policy to apply when a container exits", "string", "--restart")
        .list("Mount a tmpfs directory", "list", "--tmpfs")
        .flag("Allocate a pseudo-TTY", "-t", "--tty")
        .list("Ulimit options", "ulimit", "--ulimit")
        .list("Attach a filesystem mount to the container", "mount", "--mount")
        .words()
        .stopAtFirstWord();
    EndpointOptions.describe(options);
    HealthOptions.describe(options);
    DeviceOptions.describe(options);
  }

  static ContainerRequest of(Invocation call, boolean attached) throws IOException {
    List<String> words = call.arguments();
    if (words.isEmpty()) {
      throw new UsageException(
          "\"slipway %s\" requires at least 1 argument".formatted(call.name()));
    }
    String image = words.getFirst();
    JsonObject body = new JsonObject();
    body.put("Image", new JsonValue.Text(image));
    body.putTexts("Cmd", words.subList(1, words.size()));
    for (String line : lines(call.list("--label-file"))) {
      RunOption.pair("Labels", line, body);
    }
    RunOption.TABLE.forEach(option -> option.apply(call, body));
    HealthOptions.apply(call, body);
    DeviceOptions.apply(call, body);
    if (!call.options().hasMatchedOption("--entrypoint")) {
      body.put("Entrypoint", new JsonValue.Null());
    } else {
      String entrypoint = call.text("--entrypoint");
      body.put("Entrypoint", JsonObject.texts(List.of(entrypoint)));
    }
    body.putTexts("Env", environment(call));
    streams(call, attached, body);
    network(call, body);
    mounts(call, body);
    Query query =
        Query.of("/containers/create")
            .ifPresent("name", call.text("--name"))
            .ifPresent("platform", call.text("--platform"));
    return new ContainerRequest(query, body.value(), image, call.flag("--rm"));
  }

  private static void streams(Invocation call, boolean attached, JsonObject body) {
    AttachedStreams streams = AttachedStreams.of(call, attached);
    body.put("OpenStdin", new JsonValue.Bool(call.flag("--interactive")));
    body.put("StdinOnce", new JsonValue.Bool(streams.stdin()));
    body.put("AttachStdin", new JsonValue.Bool(streams.stdin()));
    body.put("AttachStdout", new JsonValue.Bool(streams.stdout()));
    body.put("AttachStderr", new JsonValue.Bool(streams.stderr()));
    body.put("Tty", new JsonValue.Bool(call.flag("--tty")));
  }

  private static void network(Invocation call, JsonObject body) {
    EndpointOptions.apply(call, body);
    for (String port : call.list("--expose")) {
      body.in("ExposedPorts").putName(PortSpec.withProtocol(port), new JsonObject().value());
    }
    Map<String, List<JsonValue>> bindings = new LinkedHashMap<>();
    for (String text : call.list("--publish")) {
      for (PortSpec port : PortSpec.parse(text)) {
        body.in("ExposedPorts").putName(port.container(), new JsonObject().value());
        bindings.computeIfAbsent(port.container(), c -> new ArrayList<>()).add(port.binding());
      }
    }
    bindings.forEach((container, hosts) ->
        body.in("HostConfig.PortBindings").putName(container, new JsonValue.Arr(hosts)));
  }

  private static void mounts(Invocation call, JsonObject body) {
    for (String tmpfs : call.list("--tmpfs")) {
      int colon = tmpfs.indexOf(':');
      body.in("HostConfig.Tmpfs")
          .putName(
              colon < 0 ? tmpfs : tmpfs.substring(0, colon),
              new JsonValue.Text(colon < 0 ? "" : tmpfs.substring(colon + 1)));
    }
    List<JsonValue> mounts = call.list("--mount").stream().map(MountSpec::parse).toList();
    if (!mounts.isEmpty()) {
      body.put("HostConfig.Mounts", new JsonValue.Arr(mounts));
    }
    List<JsonValue> limits = call.list("--ulimit").stream().map(ContainerRequest::ulimit).toList();
    if (!limits.isEmpty()) {
      body.put("HostConfig.Ulimits", new JsonValue.Arr(limits));
    }
    restart(call.text("--restart"), "HostConfig.RestartPolicy", body);
  }

  /** Puts a restart policy such as {@code on-failure:3} into a request. */
  static void restart(String policy, String member, JsonObject body) {
    if (policy.isEmpty()) {
      return;
    }
    String[] parts = policy.split(":", 2);
    body.put(member + ".Name", new JsonValue.Text(parts[0]));
    if (parts.length == 2) {
      if (!parts[1].matches("\\d{1,9}")) {
        throw RunOption.invalid(
            "--restart",
            policy,
            "invalid restart policy format: maximum retry count must be an integer");
      }
      body.put(member + ".MaximumRetryCount", new JsonValue.Num(parts[1]));
    }
  }

  static JsonValue ulimit(String text) {
    if (!text.matches("[a-z]+=-?\\d+(:-?\\d+)?")) {
      throw RunOption.invalid("--ulimit", text, "invalid ulimit argument: " + text);
    }
    String[] parts = text.split("[=:]");
    return new JsonObject()
        .put("Name", new JsonValue.Text(parts[0]))
        .put("Soft", new JsonValue.Num(parts[1]))
        .put("Hard", new JsonValue.Num(parts[parts.length - 1]))
        .value();
  }

  /** Files first, then options; a name alone takes this process's value, or none. */
  static List<String> environment(Invocation call) throws IOException {
    List<String> lines = lines(call.list("--env-file"));
    lines.addAll(call.list("--env"));
    List<String> environment = new ArrayList<>();
    for (String line : lines) {
      if (line.contains("=")) {
        environment.add(line);
      } else if (System.getenv(line) != null) {
        environment.add(line + "=" + System.getenv(line));
      }
    }
    return environment;
  }

  /** What files say, without comments. */
  private static List<String> lines(List<String> files) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String file : files) {
      try {
        for (String line : Files.readAllLines(Path.of(file))) {
          String text = line.stripLeading();
          if (!text.isEmpty() && !text.startsWith("#")) {
            lines.add(text);
          }
        }
      } catch (NoSuchFileException e) {
        throw new CommandFailure(125, "open " + file + ": no such file or directory");
      }
    }
    return lines;
  }
}
