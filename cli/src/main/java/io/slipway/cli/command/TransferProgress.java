package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The progress lines of pull, push, load and import. On a terminal each layer has a line that is
 * rewritten in place; elsewhere only messages without a counter are printed, as docker does.
 */
final class TransferProgress implements Consumer<JsonValue> {
  private final PrintStream out;
  private final boolean terminal;

  /** A layer's id to its line, counted from the first layer's. */
  private final Map<String, Integer> lines = new LinkedHashMap<>();

  private String error = "";

  TransferProgress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** The error that ended the stream; empty when it went well. */
  String error() {
    return error;
  }

  @Override
  public void accept(JsonValue line) {
    if (!line.text("error").isEmpty()) {
      error = line.text("error");
      return;
    }
    if (!line.text("stream").isEmpty()) {
      out.print(line.text("stream"));
      return;
    }
    String status = line.text("status");
    if (status.isEmpty()) {
      return;
    }
    boolean counts = line.get("progressDetail").number("current") > 0;
    String id = line.text("id");
    if (!terminal) {
      if (!counts) {
        out.println(id.isEmpty() ? status : id + ": " + status);
      }
    } else if (id.isEmpty() || line.get("progressDetail") instanceof JsonValue.Null) {
      lines.clear();
      out.println(id.isEmpty() ? status : id + ": " + status);
    } else {
      rewrite(id, status + bar(line));
    }
    out.flush();
  }

  private void rewrite(String id, String text) {
    Integer known = lines.putIfAbsent(id, lines.size());
    if (known == null) {
      out.println(id + ": " + text);
      return;
    }
    int up = lines.size() - known;
    out.print("\u001b[" + up + "A\r\u001b[2K" + id + ": " + text + "\u001b[" + up + "B\r");
  }

  private static String bar(JsonValue line) {
    JsonValue detail = line.get("progressDetail");
    long current = detail.number("current");
    long total = detail.number("total");
    if (current <= 0) {
      return "";
    }
    return total > 0
        ? "  %s/%s".formatted(HumanText.size(current), HumanText.size(total))
        : "  " + HumanText.size(current);
  }
}
