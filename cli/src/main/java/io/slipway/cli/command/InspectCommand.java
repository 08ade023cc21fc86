package io.slipway.cli.command;

import io.slipway.cli.client.EngineException;
import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway inspect}, and its forms for one kind of object. */
final class InspectCommand implements Command {
  /** The kinds in the order in which a bare name is looked for. */
  private static final List<String> KINDS = List.of("container", "image", "network", "volume");

  private final Optional<String> onlyKind;

  InspectCommand(Optional<String> onlyKind) {
    this.onlyKind = onlyKind;
  }

  @Override
  public void describe(CommandSpec spec) {
    new Options(spec)
        .text(
            "Format output using a Go template, such as '{{.State.Status}}', or 'json'",
            "string",
            "-f",
            "--format")
        .flag("Display total file sizes if the type is container", "-s", "--size")
        .text("Only inspect objects of this type", "string", "--type")
        .words();
    if (onlyKind.equals(Optional.of("network"))) {
      new Options(spec).flag("Verbose output for diagnostics", "-v", "--verbose");
    }
  }

  @Override
  public String arguments() {
    return "[OPTIONS] NAME|ID [NAME|ID...]";
  }

  @Override
  public int run(Invocation call) throws IOException {
    String type = onlyKind.orElse(call.text("--type"));
    if (!type.isEmpty() && !KINDS.contains(type)) {
      throw new UsageException("\"" + type + "\" is not a valid value for --type");
    }
    List<JsonValue> found = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String name : call.someArguments()) {
      find(call, name, type).ifPresentOrElse(found::add, () -> missing.add(name));
    }
    print(call, found);
    call.console().flush();
    for (String name : missing) {
      String what = type.isEmpty() ? "object" : type;
      call.console().err().println("Error: No such " + what + ": " + name);
    }
    return missing.isEmpty() ? 0 : 1;
  }

  private static Optional<JsonValue> find(Invocation call, String name, String type)
      throws IOException {
    for (String kind : type.isEmpty() ? KINDS : List.of(type)) {
      String suffix = kind.equals("container") || kind.equals("image") ? "/json" : "";
      Query query = Query.of("/" + kind + "s/" + Query.segment(name) + suffix);
      if (kind.equals("container") && call.flag("--size")) {
        query = query.with("size", "1");
      }
      if (kind.equals("network") && call.options().hasMatchedOption("--verbose")) {
        query = query.flag("verbose", call.flag("--verbose"));
      }
      try (EngineResponse answer = call.client().get(query)) {
        return Optional.of(answer.json());
      } catch (EngineException e) {
        if (e.status() != 404) {
          throw e;
        }
      }
    }
    return Optional.empty();
  }

  static void print(Invocation call, List<JsonValue> found) {
    String format = call.text("--format");
    if (format.isEmpty()) {
      call.console().out().println(new JsonValue.Arr(found).print(true));
      return;
    }
    GoTemplate template = GoTemplate.parse(format.equals("json") ? "{{json .}}" : format);
    for (JsonValue value : found) {
      call.console().out().println(template.render(value));
    }
  }
}
