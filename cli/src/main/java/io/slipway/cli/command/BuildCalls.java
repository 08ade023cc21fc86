package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** {@code build --check} and {@code build --call}: what looking at a Dockerfile gave. */
record BuildCalls(String call, boolean json) {
  private static final Set<String> NAMES = Set.of("check", "lint", "outline", "targets");
  private static final String RULER = "--------------------";
  private static final int AROUND = 2;

  /** Reads {@code check}, {@code outline,format=json}. */
  static BuildCalls parse(String text) {
    boolean json = false;
    String name = "";
    for (String part : text.split(",")) {
      if (part.equals("format=json")) {
        json = true;
      } else if (part.equals("format=text")) {
        json = false;
      } else if (NAMES.contains(part)) {
        name = part.equals("lint") ? "check" : part;
      } else {
        throw new UsageException(
            "invalid call \"" + text + "\": use check, outline or targets, and format=json");
      }
    }
    return new BuildCalls(name.isEmpty() ? "check" : name, json);
  }

  /** Prints the answer; the exit code: 1 if a check found something. */
  int print(JsonValue answer, PrintStream out) {
    List<JsonValue> warnings = answer.get("warnings").items();
    if (json) {
      out.println(answer.print(true));
    } else {
      switch (call) {
        case "outline" -> outline(answer, out);
        case "targets" -> targets(answer, out);
        default -> check(answer, out);
      }
    }
    return call.equals("check") && !warnings.isEmpty() ? 1 : 0;
  }

  private static void check(JsonValue answer, PrintStream out) {
    List<JsonValue> warnings = answer.get("warnings").items();
    if (warnings.isEmpty()) {
      out.println("Check complete, no warnings found.");
      return;
    }
    out.println(
        warnings.size() == 1
            ? "Check complete, 1 warning has been found!"
            : "Check complete, " + warnings.size() + " warnings have been found!");
    JsonValue source = answer.get("sources").items().getFirst();
    byte[] data = Base64.getDecoder().decode(source.text("data"));
    List<String> lines = new String(data, StandardCharsets.UTF_8).lines().toList();
    for (JsonValue warning : warnings) {
      String url = warning.text("url");
      out.println();
      out.println("WARNING: " + warning.text("ruleName") + (url.isEmpty() ? "" : " - " + url));
      out.println(warning.text("detail"));
      JsonValue range = warning.get("location").get("ranges").items().getFirst();
      quote(
          source.text("filename"),
          lines,
          (int) range.get("start").number("line"),
          (int) range.get("end").number("line"),
          out);
    }
    String failure = answer.get("buildError").text("message");
    if (!failure.isEmpty()) {
      out.println("\nERROR: " + failure);
    }
  }

  private static void quote(String file, List<String> lines, int start, int end, PrintStream out) {
    out.println(file + ":" + start);
    out.println(RULER);
    int last = Math.min(lines.size(), end + AROUND);
    for (int number = Math.max(1, start - AROUND); number <= last; number++) {
      String mark = number >= start && number <= end ? ">>>" : "   ";
      out.println(String.format("%4d | %s %s", number, mark, lines.get(number - 1)));
    }
    out.println(RULER);
  }

  private static void outline(JsonValue answer, PrintStream out) {
    String name = answer.text("name");
    out.println("TARGET: " + (name.isEmpty() ? "default" : name));
    if (!answer.text("description").isEmpty()) {
      out.println("DESCRIPTION: " + answer.text("description"));
    }
    Table arguments = new Table("BUILD ARG", "VALUE", "DESCRIPTION");
    for (JsonValue arg : answer.get("args").items()) {
      arguments.row(arg.text("name"), arg.text("value"), arg.text("description"));
    }
    print(answer.get("args").items(), arguments, out);
    loans("SECRET", answer.get("secrets").items(), out);
    loans("SSH", answer.get("ssh").items(), out);
  }

  private static void loans(String title, List<JsonValue> items, PrintStream out) {
    Table table = new Table(title, "REQUIRED");
    items.forEach(item -> table.row(item.text("name"), item.flag("required") ? "true" : ""));
    print(items, table, out);
  }

  private static void print(List<JsonValue> items, Table table, PrintStream out) {
    if (!items.isEmpty()) {
      out.println();
      table.print(out);
    }
  }

  private static void targets(JsonValue answer, PrintStream out) {
    Table table = new Table("TARGET", "DESCRIPTION");
    for (JsonValue target : answer.get("targets").items()) {
      String name = target.text("name");
      boolean isDefault = target.flag("default");
      String shown = name.isEmpty() ? "(unnamed)" : name;
      table.row(isDefault ? shown + " (default)" : shown, target.text("description"));
    }
    table.print(out);
  }
}
