package io.slipway.cli.command;

import io.slipway.cli.client.EngineClient;
import io.slipway.cli.client.EngineException;
import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway start}. */
final class StartCommand implements Command {
  @Override
  public void describe(CommandSpec spec) {
    new Options(spec)
        .flag("Attach STDOUT/STDERR and forward signals", "-a", "--attach")
        .text("Override the key sequence for detaching a container", "string", "--detach-keys")
        .flag("Attach container's STDIN", "-i", "--interactive")
        .words();
  }

  @Override
  public String arguments() {
    return "[OPTIONS] CONTAINER [CONTAINER...]";
  }

  @Override
  public int run(Invocation call) throws IOException, InterruptedException {
    List<String> names = call.someArguments();
    if (call.flag("--attach") || call.flag("--interactive")) {
      if (names.size() > 1) {
        throw new CommandFailure(1, "you cannot start and attach multiple containers at once");
      }
      return attached(call, names.getFirst());
    }
    List<String> failed = new ArrayList<>();
    for (String name : names) {
      try {
        start(call.client(), "/containers/" + Query.segment(name));
        call.console().out().println(name);
      } catch (EngineException e) {
        call.console().flush();
        call.console().err().println("Error response from daemon: " + e.getMessage());
        failed.add(name);
      }
    }
    if (!failed.isEmpty()) {
      throw new CommandFailure(
          1, "Error: failed to start containers: " + String.join(", ", failed));
    }
    return 0;
  }

  private static void start(EngineClient client, String path) throws IOException {
    client.post(Query.of(path + "/start"), Map.of()).close();
  }

  private static int attached(Invocation call, String name)
      throws IOException, InterruptedException {
    EngineClient client = call.client();
    JsonValue container = AttachCommand.inspect(client, Query.segment(name));
    String path = "/containers/" + container.text("Id");
    JsonValue config = container.get("Config");
    boolean stdin = call.flag("--interactive") && config.flag("OpenStdin");
    boolean removes = container.get("HostConfig").flag("AutoRemove");
    Query wait = Query.of(path + "/wait").with("condition", removes ? "removed" : "next-exit");
    AttachCommand.Attached attached =
        new AttachCommand.Attached(path, config.flag("Tty"), stdin, call.flag("--attach"));
    try (EngineResponse exit = client.post(wait, Map.of())) {
      return attached.run(
          call,
          () -> {
            start(client, path);
            return path;
          },
          exit);
    } catch (EngineException e) {
      call.console().err().println("Error response from daemon: " + e.getMessage());
      throw new CommandFailure(1, "Error: failed to start containers: " + name);
    }
  }
}
