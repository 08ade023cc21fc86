package io.slipway.cli.command;

import io.slipway.cli.client.EngineClient;
import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.HijackedStream;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway attach}. */
final class AttachCommand implements Command {
  @Override
  public void describe(CommandSpec spec) {
    new Options(spec)
        .text("Override the key sequence for detaching a container", "string", "--detach-keys")
        .flag("Do not attach STDIN", "--no-stdin")
        .flag("Proxy all received signals to the process (default true)", "--sig-proxy")
        .words();
  }

  @Override
  public String arguments() {
    return "[OPTIONS] CONTAINER";
  }

  @Override
  public int run(Invocation call) throws IOException, InterruptedException {
    String name = Query.segment(call.arguments(1).getFirst());
    EngineClient client = call.client();
    JsonValue container = inspect(client, name);
    requireRunning(container.get("State"));
    String path = "/containers/" + container.text("Id");
    boolean stdin = !call.flag("--no-stdin") && container.get("Config").flag("OpenStdin");
    Query wait = Query.of(path + "/wait").with("condition", "next-exit");
    try (EngineResponse exit = client.post(wait, Map.of())) {
      Attached attached = new Attached(path, container.get("Config").flag("Tty"), stdin, true);
      return attached.run(call, () -> path, exit);
    }
  }

  static JsonValue inspect(EngineClient client, String name) throws IOException {
    try (EngineResponse answer = client.get(Query.of("/containers/" + name + "/json"))) {
      return answer.json();
    }
  }

  private static void requireRunning(JsonValue state) {
    if (!state.flag("Running")) {
      throw new CommandFailure(1, "You cannot attach to a stopped container, start it first");
    }
    if (state.flag("Paused")) {
      throw new CommandFailure(1, "You cannot attach to a paused container, unpause it first");
    }
    if (state.flag("Restarting")) {
      throw new CommandFailure(
          1, "You cannot attach to a restarting container, wait until it is running");
    }
  }

  /**
   * A client joined to a container until the container's exit or the detach keys.
   *
   * @param path {@code /containers/ID}
   * @param output whether output is wanted too
   */
  record Attached(String path, boolean terminal, boolean stdin, boolean output) {
    /** Attaches, does what starts the container, and waits; the container's exit code. */
    int run(Invocation call, NotStarted.Request<String> start, EngineResponse exit)
        throws IOException, InterruptedException {
      if (terminal && stdin && !call.console().terminalIn()) {
        throw new CommandFailure(1, "the input device is not a TTY");
      }
      String keys = call.text("--detach-keys");
      Query attach =
          Query.of(path + "/attach")
              .flag("stream", true)
              .flag("stdout", output)
              .flag("stderr", output)
              .flag("stdin", stdin)
              .ifPresent("detachKeys", keys);
      EngineClient client = call.client();
      try (HijackedStream stream = client.hijack(attach, null, terminal)) {
        Attachment attachment =
            new Attachment(call.console(), client, path, stream, terminal, stdin);
        attachment.detachWith(Attachment.keys(keys));
        if (!call.options().hasMatchedOption("--sig-proxy") || call.flag("--sig-proxy")) {
          attachment.forwardSignals();
        }
        try {
          attachment.begin();
          start.send();
          attachment.started();
          attachment.awaitOutput();
        } finally {
          attachment.close();
        }
        if (attachment.detached()) {
          call.console().err().println("read escape sequence");
          return 0;
        }
      }
      return (int) exit.json().number("StatusCode");
    }
  }
}
