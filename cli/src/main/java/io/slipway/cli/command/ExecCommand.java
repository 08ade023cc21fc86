package io.slipway.cli.command;

import io.slipway.cli.client.EngineClient;
import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.HijackedStream;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway exec}. */
final class ExecCommand implements Command {
  @Override
  public void describe(CommandSpec spec) {
    new Options(spec)
        .flag("Detached mode: run command in the background", "-d", "--detach")
        .text("Override the key sequence for detaching a container", "string", "--detach-keys")
        .list("Set environment variables", "list", "-e", "--env")
        .list("Read in a file of environment variables", "list", "--env-file")
        .flag("Keep STDIN open even if not attached", "-i", "--interactive")
        .flag("Give extended privileges to the command", "--privileged")
        .flag("Allocate a pseudo-TTY", "-t", "--tty")
        .text("Username or UID (format: \"<name|uid>[:<group|gid>]\")", "string", "-u", "--user")
        .text("Working directory inside the container", "string", "-w", "--workdir")
        .words()
        .stopAtFirstWord();
  }

  @Override
  public String arguments() {
    return "[OPTIONS] CONTAINER COMMAND [ARG...]";
  }

  @Override
  public int run(Invocation call) throws IOException, InterruptedException {
    List<String> words = call.arguments();
    if (words.size() < 2) {
      throw new UsageException("\"slipway exec\" requires at least 2 arguments");
    }
    boolean detach = call.flag("--detach");
    boolean terminal = call.flag("--tty");
    boolean stdin = call.flag("--interactive") && !detach;
    if (terminal && stdin && !call.console().terminalIn()) {
      throw new CommandFailure(1, "the input device is not a TTY");
    }
    EngineClient client = call.client();
    String id = create(call, words, stdin, detach);
    JsonObject start =
        new JsonObject()
            .put("Detach", new JsonValue.Bool(detach))
            .put("Tty", new JsonValue.Bool(terminal));
    Query path = Query.of("/exec/" + id + "/start");
    if (detach) {
      client.post(path, start.value()).close();
      return 0;
    }
    try (HijackedStream stream = client.hijack(path, start.value(), terminal)) {
      Attachment attachment =
          new Attachment(call.console(), client, "/exec/" + id, stream, terminal, stdin);
      attachment.detachWith(Attachment.keys(call.text("--detach-keys")));
      try {
        attachment.begin();
        attachment.started();
        attachment.awaitOutput();
      } finally {
        attachment.close();
      }
      if (attachment.detached()) {
        throw new CommandFailure(1, "read escape sequence");
      }
    }
    try (EngineResponse ended = client.get(Query.of("/exec/" + id + "/json"))) {
      return (int) ended.json().number("ExitCode");
    }
  }

  private static String create(Invocation call, List<String> words, boolean stdin, boolean detach)
      throws IOException {
    JsonObject body =
        new JsonObject()
            .put("User", new JsonValue.Text(call.text("--user")))
            .put("Privileged", new JsonValue.Bool(call.flag("--privileged")))
            .put("Tty", new JsonValue.Bool(call.flag("--tty")))
            .put("AttachStdin", new JsonValue.Bool(stdin))
            .put("AttachStdout", new JsonValue.Bool(!detach))
            .put("AttachStderr", new JsonValue.Bool(!detach))
            .put("DetachKeys", new JsonValue.Text(call.text("--detach-keys")))
            .put("WorkingDir", new JsonValue.Text(call.text("--workdir")))
            .putTexts("Env", ContainerRequest.environment(call))
            .putTexts("Cmd", words.subList(1, words.size()));
    Query query = Query.of("/containers/" + Query.segment(words.getFirst()) + "/exec");
    try (EngineResponse answer = call.client().post(query, body.value())) {
      return answer.json().text("Id");
    }
  }
}
