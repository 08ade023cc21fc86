package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of docker's {@code --format} templates that names one member at a time: {@code
 * {{.State.ExitCode}}}, {@code {{json .Config.Env}}}, with any text around them.
 */
record PathTemplate(List<Part> parts) {
  private static final Pattern ACTION = Pattern.compile("\\{\\{\\s*(json\\s+)?([^}]*?)\\s*}}");

  /** A piece of text, or a path into the value. */
  record Part(String text, List<String> path, boolean json) {}

  /**
   * Reads a template.
   *
   * @throws UsageException naming the first action that is more than a path
   */
  static PathTemplate parse(String template) {
    List<Part> parts = new ArrayList<>();
    Matcher action = ACTION.matcher(template);
    int from = 0;
    while (action.find()) {
      parts.add(new Part(template.substring(from, action.start()), List.of(), false));
      String path = action.group(2);
      if (!path.matches("\\.|(\\.[A-Za-z_][A-Za-z0-9_]*)+")) {
        throw new UsageException(
            "--format: the template action \"%s\" is not built yet: use paths such as {{.State.Status}} or {{json .Config}}"
                .formatted(action.group()));
      }
      List<String> names = path.equals(".") ? List.of() : List.of(path.substring(1).split("\\."));
      parts.add(new Part("", names, action.group(1) != null));
      if (names.isEmpty() && action.group(1) == null) {
        throw new UsageException("--format: {{.}} prints a Go map: use {{json .}}");
      }
      from = action.end();
    }
    parts.add(new Part(template.substring(from), List.of(), false));
    return new PathTemplate(parts);
  }

  String render(JsonValue value) {
    StringBuilder out = new StringBuilder();
    for (Part part : parts) {
      if (part.path().isEmpty() && !part.json()) {
        out.append(part.text());
        continue;
      }
      JsonValue at = value;
      for (String name : part.path()) {
        at = at.get(name);
      }
      out.append(part.json() ? at.print(false) : goText(at));
    }
    return out.toString();
  }

  /** As Go prints values in a template: lists as {@code [a b]}, maps as {@code map[k:v]}. */
  private static String goText(JsonValue value) {
    return switch (value) {
      case JsonValue.Arr(var items) ->
          "[" + String.join(" ", items.stream().map(PathTemplate::goText).toList()) + "]";
      case JsonValue.Obj(var members) ->
          "map["
              + String.join(
                  " ",
                  members.entrySet().stream()
                      .sorted(java.util.Map.Entry.comparingByKey())
                      .map(m -> m.getKey() + ":" + goText(m.getValue()))
                      .toList())
              + "]";
      case JsonValue.Null _ -> "<no value>";
      case JsonValue.Text _, JsonValue.Num _, JsonValue.Bool _ -> value.text();
    };
  }
}
