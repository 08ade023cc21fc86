package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A template of {@code --format}, such as {@code {{.Names}}: {{json .Labels}}}. */
final class GoTemplate {
  private final List<TemplateReader.Node> nodes;

  private GoTemplate(List<TemplateReader.Node> nodes) {
    this.nodes = nodes;
  }

  /**
   * Reads a template.
   *
   * @throws CommandFailure saying what in it cannot be understood
   */
  static GoTemplate parse(String template) {
    return new GoTemplate(new TemplateReader(template).read());
  }

  /** The text for a value; asking for a member that is not there is a failure. */
  String render(JsonValue value) {
    Map<String, JsonValue> variables = new HashMap<>();
    variables.put("$", value);
    StringBuilder out = new StringBuilder();
    render(nodes, value, variables, out);
    return out.toString();
  }

  private void render(
      List<TemplateReader.Node> body,
      JsonValue dot,
      Map<String, JsonValue> variables,
      StringBuilder out) {
    for (TemplateReader.Node node : body) {
      switch (node) {
        case TemplateReader.Text(String text) -> out.append(text);
        case TemplateReader.Print(String name, var pipeline) -> {
          JsonValue value = evaluate(pipeline, dot, variables);
          if (name.isEmpty()) {
            out.append(goText(value));
          } else {
            variables.put(name, value);
          }
        }
        case TemplateReader.Block block -> block(block, dot, variables, out);
      }
    }
  }

  private void block(
      TemplateReader.Block block,
      JsonValue dot,
      Map<String, JsonValue> variables,
      StringBuilder out) {
    JsonValue value = evaluate(block.pipeline(), dot, variables);
    if (!TemplateFunctions.isTrue(value)) {
      render(block.otherwise(), dot, variables, out);
      return;
    }
    switch (block.kind()) {
      case "if" -> render(block.body(), dot, variables, out);
      case "with" -> {
        block.names().forEach(name -> variables.put(name, value));
        render(block.body(), value, variables, out);
      }
      default -> range(block, value, variables, out);
    }
  }

  private void range(
      TemplateReader.Block block,
      JsonValue value,
      Map<String, JsonValue> variables,
      StringBuilder out) {
    List<Map.Entry<JsonValue, JsonValue>> entries = new ArrayList<>();
    if (value instanceof JsonValue.Obj(var members)) {
      members.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(e -> entries.add(Map.entry(new JsonValue.Text(e.getKey()), e.getValue())));
    } else {
      for (JsonValue item : value.items()) {
        entries.add(Map.entry(new JsonValue.Num(Integer.toString(entries.size())), item));
      }
    }
    List<String> names = block.names();
    for (Map.Entry<JsonValue, JsonValue> entry : entries) {
      if (names.size() == 2) {
        variables.put(names.getFirst(), entry.getKey());
      }
      if (!names.isEmpty()) {
        variables.put(names.getLast(), entry.getValue());
      }
      render(block.body(), entry.getValue(), variables, out);
    }
  }

  private JsonValue evaluate(
      List<TemplateReader.Call> pipeline, JsonValue dot, Map<String, JsonValue> variables) {
    JsonValue piped = null;
    for (TemplateReader.Call call : pipeline) {
      List<JsonValue> arguments = new ArrayList<>();
      List<TemplateReader.Operand> operands = call.operands();
      for (TemplateReader.Operand operand : operands.subList(1, operands.size())) {
        arguments.add(value(operand, dot, variables));
      }
      if (piped != null) {
        arguments.add(piped);
      }
      TemplateReader.Operand first = operands.getFirst();
      if (first instanceof TemplateReader.Function(String name)) {
        piped = TemplateFunctions.call(name, arguments);
      } else if (arguments.isEmpty()) {
        piped = value(first, dot, variables);
      } else {
        // a method with an argument, such as {{.Label "key"}}: a member by that name
        arguments.addFirst(value(first, dot, variables));
        piped = TemplateFunctions.call("index", arguments);
      }
    }
    return piped;
  }

  private JsonValue value(
      TemplateReader.Operand operand, JsonValue dot, Map<String, JsonValue> variables) {
    return switch (operand) {
      case TemplateReader.Literal(JsonValue literal) -> literal;
      case TemplateReader.Group(var pipeline, List<String> names) -> {
        JsonValue at = evaluate(pipeline, dot, variables);
        for (String name : names) {
          at = member(at, name, String.join(".", names));
        }
        yield at;
      }
      case TemplateReader.Function(String name) -> TemplateFunctions.call(name, List.of());
      case TemplateReader.Path(String variable, List<String> names) -> {
        JsonValue at = variable.isEmpty() ? dot : variables.get(variable);
        if (at == null) {
          throw TemplateReader.failure("undefined variable \"" + variable + "\"");
        }
        for (String name : names) {
          at = member(at, name, String.join(".", names));
        }
        yield at;
      }
    };
  }

  private static JsonValue member(JsonValue value, String name, String path) {
    if (value instanceof JsonValue.Null) {
      return value;
    }
    if (!value.members().containsKey(name)) {
      throw TemplateReader.failure(
          ":1:2: executing \"\" at <." + path + ">: map has no entry for key \"" + name + "\"");
    }
    return value.get(name);
  }

  /** As Go prints values in a template: lists as {@code [a b]}, maps as {@code map[k:v]}. */
  static String goText(JsonValue value) {
    return switch (value) {
      case JsonValue.Arr(var items) ->
          "[" + String.join(" ", items.stream().map(GoTemplate::goText).toList()) + "]";
      case JsonValue.Obj(var members) ->
          "map["
              + String.join(
                  " ",
                  members.entrySet().stream()
                      .sorted(Map.Entry.comparingByKey())
                      .map(m -> m.getKey() + ":" + goText(m.getValue()))
                      .toList())
              + "]";
      case JsonValue.Null _ -> "<no value>";
      case JsonValue.Text _, JsonValue.Num _, JsonValue.Bool _ -> value.text();
    };
  }
}
