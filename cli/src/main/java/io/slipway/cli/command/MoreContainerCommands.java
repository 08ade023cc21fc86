package io.slipway.cli.command;

import io.slipway.cli.client.EngineException;
import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** The commands that ask one thing of a container: diff, port, rename, top, wait. */
final class MoreContainerCommands {
  private MoreContainerCommands() {}

  private static String path(String container) {
    return "/containers/" + Query.segment(container);
  }

  /** {@code slipway diff}. */
  static final class Diff implements Command {
    private static final String KINDS = "CAD";

    @Override
    public String arguments() {
      return "CONTAINER";
    }

    @Override
    public int run(Invocation call) throws IOException {
      Query query = Query.of(path(call.arguments(1).getFirst()) + "/changes");
      try (EngineResponse answer = call.client().get(query)) {
        for (JsonValue change : answer.json().items()) {
          char kind = KINDS.charAt((int) change.number("Kind"));
          call.console().out().println(kind + " " + change.text("Path"));
        }
      }
      return 0;
    }
  }

  /** {@code slipway rename}. */
  static final class Rename implements Command {
    @Override
    public String arguments() {
      return "CONTAINER NEW_NAME";
    }

    @Override
    public int run(Invocation call) throws IOException {
      List<String> names = call.arguments(2);
      Query query = Query.of(path(names.getFirst()) + "/rename").with("name", names.getLast());
      try {
        call.client().post(query, Map.of()).close();
      } catch (EngineException e) {
        call.console().err().println("Error response from daemon: " + e.getMessage());
        throw new CommandFailure(1, "Error: failed to rename container named " + names.getFirst());
      }
      return 0;
    }
  }

  /** {@code slipway wait}. */
  static final class Wait implements Command {
    @Override
    public String arguments() {
      return "CONTAINER [CONTAINER...]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      return EachName.of(call)
          .run(name -> {
            try (EngineResponse answer =
                call.client().post(Query.of(path(name) + "/wait"), Map.of())) {
              call.console().out().println(answer.json().number("StatusCode"));
              call.console().flush();
            }
          });
    }
  }

  /** {@code slipway top}. */
  static final class Top implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec).words().stopAtFirstWord();
    }

    @Override
    public String arguments() {
      return "CONTAINER [ps OPTIONS]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      List<String> words = call.someArguments();
      Query query =
          Query.of(path(words.getFirst()) + "/top")
              .ifPresent("ps_args", String.join(" ", words.subList(1, words.size())));
      try (EngineResponse answer = call.client().get(query)) {
        JsonValue top = answer.json();
        Table table = Table.wide(texts(top.get("Titles")));
        for (JsonValue row : top.get("Processes").items()) {
          table.row(texts(row));
        }
        table.print(call.console().out());
      }
      return 0;
    }

    private static String[] texts(JsonValue row) {
      return row.items().stream().map(JsonValue::text).toArray(String[]::new);
    }
  }

  /** {@code slipway port}. */
  static final class Port implements Command {
    @Override
    public String arguments() {
      return "CONTAINER [PRIVATE_PORT[/PROTO]]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      List<String> words = call.someArguments();
      if (words.size() > 2) {
        throw new UsageException("\"slipway port\" requires at least 1 and at most 2 arguments");
      }
      JsonValue container = AttachCommand.inspect(call.client(), Query.segment(words.getFirst()));
      Map<String, JsonValue> ports = container.get("NetworkSettings").get("Ports").members();
      PrintStream out = call.console().out();
      if (words.size() == 1) {
        List<String> lines = new ArrayList<>();
        ports.forEach(
            (port, bindings) -> bindings.items().forEach(b -> lines.add(port + " -> " + host(b))));
        lines.stream().sorted().forEach(out::println);
        return 0;
      }
      String port = words.get(1).contains("/") ? words.get(1) : words.get(1) + "/tcp";
      List<JsonValue> bindings = ports.getOrDefault(port, new JsonValue.Null()).items();
      if (bindings.isEmpty()) {
        throw new CommandFailure(
            1, "Error: No public port '" + words.get(1) + "' published for " + words.getFirst());
      }
      bindings.forEach(binding -> out.println(host(binding)));
      return 0;
    }

    private static String host(JsonValue binding) {
      String address = binding.text("HostIp");
      return (address.contains(":") ? "[" + address + "]" : address)
          + ":"
          + binding.text("HostPort");
    }
  }

  /** {@code slipway export}. */
  static final class Export implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .text("Write to a file, instead of STDOUT", "string", "-o", "--output")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] CONTAINER";
    }

    @Override
    public int run(Invocation call) throws IOException {
      Query query = Query.of(path(call.arguments(1).getFirst()) + "/export");
      String file = call.text("--output");
      if (file.isEmpty() && call.console().terminalOut()) {
        throw new CommandFailure(
            1, "cowardly refusing to save to a terminal. Use the -o flag or redirect");
      }
      try (EngineResponse answer = call.client().get(query)) {
        if (file.isEmpty()) {
          answer.body().transferTo(call.console().out());
        } else {
          TransferCommands.Save.writeWhole(answer.body(), java.nio.file.Path.of(file));
        }
      }
      return 0;
    }
  }

  /** {@code slipway commit}. */
  static final class Commit implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .text(
              "Author (e.g., \"John Hannibal Smith <hannibal@a-team.com>\")",
              "string",
              "-a",
              "--author")
          .list("Apply Dockerfile instruction to the created image", "list", "-c", "--change")
          .text("Commit message", "string", "-m", "--message")
          .flag("Pause container during commit (default true)", "-p", "--pause")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] CONTAINER [REPOSITORY[:TAG]]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      List<String> words = call.someArguments();
      if (words.size() > 2) {
        throw new UsageException("\"slipway commit\" requires at least 1 and at most 2 arguments");
      }
      Query query = Query.of("/commit").with("container", words.getFirst());
      if (words.size() == 2) {
        ImageName name = ImageName.parse(words.get(1));
        query = query.with("repo", name.repository()).ifPresent("tag", name.tag());
      }
      query =
          query
              .ifPresent("comment", call.text("--message"))
              .ifPresent("author", call.text("--author"));
      for (String change : call.list("--change")) {
        query = query.with("changes", change);
      }
      if (call.options().hasMatchedOption("--pause") && !call.flag("--pause")) {
        query = query.with("pause", "0");
      }
      try (EngineResponse answer = call.client().post(query, Map.of())) {
        call.console().out().println(answer.json().text("Id"));
      }
      return 0;
    }
  }
}
