package io.slipway.cli.command;

import io.slipway.cli.client.EngineClient;
import io.slipway.cli.client.EngineException;
import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.HijackedStream;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code slipway run} and {@code slipway create}. The order of run's requests is docker's: create,
 * attach, wait (its headers before the start), start, so that neither output nor exit is missed.
 */
final class RunCommand implements Command {
  private static final int NOT_STARTED = 125;

  private final boolean createOnly;

  RunCommand(boolean createOnly) {
    this.createOnly = createOnly;
  }

  @Override
  public void describe(CommandSpec spec) {
    Options options = new Options(spec);
    ContainerRequest.describe(options);
    if (!createOnly) {
      options
          .flag("Run container in background and print container ID", "-d", "--detach")
          .text("Override the key sequence for detaching a container", "string", "--detach-keys")
          .flag("Proxy received signals to the process", "--sig-proxy");
    }
  }

  @Override
  public String arguments() {
    return "[OPTIONS] IMAGE [COMMAND] [ARG...]";
  }

  @Override
  public int run(Invocation call) throws IOException, InterruptedException {
    boolean detached = createOnly || call.flag("--detach");
    ContainerRequest request = ContainerRequest.of(call, !detached);
    EngineClient client = call.client();
    String id = NotStarted.guard(() -> create(call, client, request));
    if (createOnly) {
      call.console().out().println(id);
      return 0;
    }
    if (detached) {
      return NotStarted.guard(() -> {
        start(client, id);
        call.console().out().println(id);
        return 0;
      });
    }
    return foreground(call, client, request, id);
  }

  private int foreground(Invocation call, EngineClient client, ContainerRequest request, String id)
      throws IOException, InterruptedException {
    boolean terminal = call.flag("--tty");
    AttachedStreams streams = AttachedStreams.of(call, true);
    boolean stdin = streams.stdin();
    if (terminal && stdin && !call.console().terminalIn()) {
      throw new CommandFailure(1, "the input device is not a TTY");
    }
    Query attach =
        Query.of("/containers/" + id + "/attach")
            .flag("stream", true)
            .flag("stdout", streams.stdout())
            .flag("stderr", streams.stderr())
            .flag("stdin", stdin);
    String condition = request.autoRemove() ? "removed" : "next-exit";
    Query wait = Query.of("/containers/" + id + "/wait").with("condition", condition);
    try (HijackedStream stream = client.hijack(attach, null, terminal);
        EngineResponse exit = client.post(wait, Map.of())) {
      Attachment attachment =
          new Attachment(call.console(), client, "/containers/" + id, stream, terminal, stdin);
      attachment.detachWith(Attachment.keys(call.text("--detach-keys")));
      boolean deaf = call.options().hasMatchedOption("--sig-proxy") && !call.flag("--sig-proxy");
      if (!deaf) {
        attachment.forwardSignals();
      }
      attachment.begin();
      try {
        NotStarted.guard(() -> {
          start(client, id);
          return id;
        });
        attachment.started();
        attachment.awaitOutput();
      } finally {
        attachment.close();
      }
      if (attachment.detached()) {
        call.console().err().println("read escape sequence");
        return 0;
      }
      return (int) exit.json().number("StatusCode");
    }
  }

  private static void start(EngineClient client, String id) throws IOException {
    client.post(Query.of("/containers/" + id + "/start"), Map.of()).close();
  }

  private static String create(Invocation call, EngineClient client, ContainerRequest request)
      throws IOException {
    String pull = call.text("--pull");
    if (pull.equals("always")) {
      pull(call, client, request);
    }
    String id;
    try {
      id = create(client, request, call);
    } catch (EngineException e) {
      if (e.status() != 404 || pull.equals("never")) {
        throw e;
      }
      call.console().flush();
      String name = ImageName.parse(request.image()).tag();
      String full =
          request.image().endsWith(":" + name) || request.image().contains("@")
              ? request.image()
              : request.image() + ":" + name;
      call.console().err().println("Unable to find image '" + full + "' locally");
      pull(call, client, request);
      id = create(client, request, call);
    }
    writeIdFile(call.text("--cidfile"), id);
    return id;
  }

  /** Pull progress goes to standard error, so that the container's output stays alone. */
  private static void pull(Invocation call, EngineClient client, ContainerRequest request)
      throws IOException {
    Console console = call.console();
    Console toError =
        new Console(console.in(), console.err(), console.err(), console.terminalIn(), false, false);
    Invocation quiet = new Invocation(call.name(), call.options(), toError, call.daemon());
    try {
      TransferCommands.pull(
          quiet, client, request.image(), call.text("--platform"), call.flag("--quiet"));
    } catch (CommandFailure e) {
      throw NotStarted.because(e.getMessage());
    }
    console.err().flush();
  }

  private static String create(EngineClient client, ContainerRequest request, Invocation call)
      throws IOException {
    try (EngineResponse answer = client.post(request.query(), request.body())) {
      JsonValue created = answer.json();
      for (JsonValue warning : created.get("Warnings").items()) {
        call.console().err().println("WARNING: " + warning.text());
      }
      return created.text("Id");
    }
  }

  private static void writeIdFile(String file, String id) throws IOException {
    if (file.isEmpty()) {
      return;
    }
    try {
      Files.writeString(Path.of(file), id, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailure(
          NOT_STARTED,
          "container ID file found, make sure the other container isn't running or delete " + file);
    }
  }
}
