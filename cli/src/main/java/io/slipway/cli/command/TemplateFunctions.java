package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The functions of templates: Go's own, and those that docker adds. */
final class TemplateFunctions {
  private static final Pattern VERB = Pattern.compile("%(-?\\d*)([sdvq%])");

  private TemplateFunctions() {}

  static JsonValue call(String name, List<JsonValue> arguments) {
    try {
      return switch (name) {
        case "json" -> text(arguments.getFirst().print(false));
        case "lower" -> text(string(arguments, 0).toLowerCase(Locale.ROOT));
        case "upper" -> text(string(arguments, 0).toUpperCase(Locale.ROOT));
        case "title" -> text(title(string(arguments, 0)));
        case "split" ->
            JsonObject.texts(
                List.of(string(arguments, 0).split(Pattern.quote(string(arguments, 1)), -1)));
        case "join" ->
            text(
                String.join(
                    string(arguments, 1),
                    arguments.getFirst().items().stream().map(JsonValue::text).toList()));
        case "pad" ->
            text(
                " ".repeat((int) arguments.get(1).number())
                    + string(arguments, 0)
                    + " ".repeat((int) arguments.get(2).number()));
        case "truncate" -> text(cut(string(arguments, 0), (int) arguments.get(1).number()));
        case "len" -> number(length(arguments.getFirst()));
        case "index" -> index(arguments);
        case "print" -> text(printed(arguments, ""));
        case "println" -> text(printed(arguments, " ") + "\n");
        case "printf" -> text(format(arguments));
        case "not" -> new JsonValue.Bool(!isTrue(arguments.getFirst()));
        case "and" -> first(arguments, false);
        case "or" -> first(arguments, true);
        case "eq" ->
            new JsonValue.Bool(
                arguments.stream().skip(1).anyMatch(a -> same(arguments.getFirst(), a)));
        case "ne" -> new JsonValue.Bool(!same(arguments.get(0), arguments.get(1)));
        case "lt" -> new JsonValue.Bool(arguments.get(0).number() < arguments.get(1).number());
        case "gt" -> new JsonValue.Bool(arguments.get(0).number() > arguments.get(1).number());
        case "le" -> new JsonValue.Bool(arguments.get(0).number() <= arguments.get(1).number());
        case "ge" -> new JsonValue.Bool(arguments.get(0).number() >= arguments.get(1).number());
        default -> throw TemplateReader.failure(":1: function \"" + name + "\" not defined");
      };
    } catch (IndexOutOfBoundsException | java.util.NoSuchElementException e) {
      throw TemplateReader.failure("wrong number of args for " + name);
    }
  }

  private static JsonValue text(String text) {
    return new JsonValue.Text(text);
  }

  private static JsonValue number(long number) {
    return new JsonValue.Num(Long.toString(number));
  }

  private static String string(List<JsonValue> arguments, int index) {
    return GoTemplate.goText(arguments.get(index));
  }

  private static boolean same(JsonValue a, JsonValue b) {
    return GoTemplate.goText(a).equals(GoTemplate.goText(b));
  }

  /** Go's truth: not false, zero, nil or empty. */
  static boolean isTrue(JsonValue value) {
    return switch (value) {
      case JsonValue.Bool(boolean bool) -> bool;
      case JsonValue.Num _ -> value.number() != 0;
      case JsonValue.Text(String text) -> !text.isEmpty();
      case JsonValue.Arr(var items) -> !items.isEmpty();
      case JsonValue.Obj(var members) -> !members.isEmpty();
      case JsonValue.Null _ -> false;
    };
  }

  /** The first that is (not) true, else the last. */
  private static JsonValue first(List<JsonValue> arguments, boolean wanted) {
    for (JsonValue argument : arguments) {
      if (isTrue(argument) == wanted) {
        return argument;
      }
    }
    return arguments.getLast();
  }

  private static JsonValue index(List<JsonValue> arguments) {
    JsonValue at = arguments.getFirst();
    for (JsonValue key : arguments.subList(1, arguments.size())) {
      if (at instanceof JsonValue.Arr(var items)) {
        if (key.number() < 0 || key.number() >= items.size()) {
          throw TemplateReader.failure("error calling index: index out of range: " + key.text());
        }
        at = items.get((int) key.number());
      } else {
        at = at.members().getOrDefault(key.text(), text(""));
      }
    }
    return at;
  }

  private static long length(JsonValue value) {
    return switch (value) {
      case JsonValue.Arr(var items) -> items.size();
      case JsonValue.Obj(var members) -> members.size();
      default -> value.text().length();
    };
  }

  private static String title(String text) {
    return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length);
  }

  private static String printed(List<JsonValue> values, String between) {
    return String.join(between, values.stream().map(GoTemplate::goText).toList());
  }

  private static String format(List<JsonValue> arguments) {
    List<JsonValue> values = new ArrayList<>(arguments.subList(1, arguments.size()));
    Matcher verb = VERB.matcher(string(arguments, 0));
    return verb.replaceAll(match -> {
      if (match.group(2).equals("%")) {
        return "%";
      }
      if (values.isEmpty()) {
        return Matcher.quoteReplacement("%!" + match.group(2) + "(MISSING)");
      }
      JsonValue value = values.removeFirst();
      String shown =
          match.group(2).equals("q")
              ? new JsonValue.Text(GoTemplate.goText(value)).print(false)
              : GoTemplate.goText(value);
      String width = match.group(1);
      return Matcher.quoteReplacement(
          width.isEmpty() ? shown : ("%" + width + "s").formatted(shown));
    });
  }
}
