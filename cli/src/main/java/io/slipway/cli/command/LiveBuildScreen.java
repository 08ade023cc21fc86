package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A build on a terminal: finished steps scroll up as one line each, running steps stay at the
 * bottom with their time and last lines of output, redrawn ten times a second.
 */
final class LiveBuildScreen implements BuildScreen {
  private static final int TAIL_LINES = 6;
  private static final int FAILED_LINES = 40;
  private static final Duration REDRAW = Duration.ofMillis(100);

  private final PrintStream out;
  private final boolean explain;
  private final int columns;
  private final int rows;
  private final Instant begin = Instant.now();
  private final Map<String, Step> running = new LinkedHashMap<>();
  private final Thread clock;
  private int total;
  private int ended;
  private int drawn;
  private boolean closed;

  /**
   * @param explain tell everything that is known of why steps are not cached
   */
  LiveBuildScreen(PrintStream out, boolean explain) {
    this.out = out;
    this.explain = explain;
    Terminal.Size size = Terminal.sizeOr(new Terminal.Size(24, 80));
    this.columns = size.columns();
    this.rows = size.rows();
    this.clock = Thread.ofVirtual().start(this::redrawRegularly);
  }

  /** A step that is at work. */
  private static final class Step {
    private final String name;
    private final Instant begin = Instant.now();
    private final Deque<String> tail = new ArrayDeque<>();
    private final StringBuilder line = new StringBuilder();
    private final Map<String, TransferRate> transfers = new LinkedHashMap<>();
    private String why = "";

    Step(String name) {
      this.name = name;
    }

    void output(String text) {
      for (String part : text.replace("\r\n", "\n").split("(?<=[\n\r])")) {
        line.append(part.replaceAll("[\n\r]", ""));
        if (part.endsWith("\n") || part.endsWith("\r")) {
          tail.addLast(line.toString());
          line.setLength(0);
        }
        if (tail.size() > FAILED_LINES) {
          tail.removeFirst();
        }
      }
    }

    List<String> last(int n) {
      List<String> lines = new ArrayList<>(tail);
      if (!line.isEmpty()) {
        lines.add(line.toString());
      }
      return lines.subList(Math.max(0, lines.size() - n), lines.size());
    }

    Duration age() {
      return Duration.between(begin, Instant.now());
    }
  }

  @Override
  public synchronized void text(String text) {
    erase();
    out.print(text);
    draw();
  }

  @Override
  public synchronized void event(JsonValue event) {
    String step = event.text("step");
    switch (event.text("type")) {
      case "planned" -> total = event.get("names").items().size();
      case "started" -> running.put(step, new Step(event.text("name")));
      case "cached" -> {
        running.remove(step);
        ended++;
        above(" \u001b[36mCACHED\u001b[0m " + event.text("name"));
      }
      case "missed" -> missed(step, event);
      case "log" -> output(step, event.text("data"));
      case "progress" -> transfer(step, event);
      case "done" -> end(step, " \u001b[32m✓\u001b[0m ");
      case "cancelled" -> end(step, " \u001b[33mCANCELLED\u001b[0m ");
      case "failed" -> failed(step, event);
      case "warning" -> above(" \u001b[33mWARNING\u001b[0m " + event.text("message"));
      default -> {
        return;
      }
    }
    erase();
    draw();
  }

  private void missed(String step, JsonValue event) {
    Step at = running.get(step);
    if (at == null) {
      return;
    }
    if (!event.text("reason").equals("new")) {
      at.why = event.text("message");
    }
    if (explain) {
      above(" not cached " + at.name + ": " + event.text("message"));
      for (JsonValue change : event.get("changes").items()) {
        above("    " + change.text("text"));
      }
    }
  }

  private void output(String step, String base64) {
    Step at = running.get(step);
    if (at != null) {
      at.output(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
    }
  }

  private void transfer(String step, JsonValue event) {
    Step at = running.get(step);
    if (at != null) {
      at.transfers
          .computeIfAbsent(event.text("item"), item -> new TransferRate())
          .reached(event.number("at"), event.number("current"), event.number("total"));
    }
  }

  private void end(String step, String mark) {
    Step at = running.remove(step);
    if (at != null) {
      ended++;
      above(mark + at.name + "  " + HumanText.seconds(at.age()));
    }
  }

  private void failed(String step, JsonValue event) {
    Step at = running.get(step);
    end(step, " \u001b[31mERROR\u001b[0m ");
    if (at != null && !at.last(1).isEmpty()) {
      above("------");
      at.last(FAILED_LINES).forEach(this::above);
      above("------");
    }
    if (!event.text("excerpt").isEmpty()) {
      above(event.text("excerpt").stripTrailing());
    }
  }

  private void above(String line) {
    erase();
    out.println(line);
  }

  private void redrawRegularly() {
    try {
      while (true) {
        Thread.sleep(REDRAW);
        synchronized (this) {
          if (closed) {
            return;
          }
          erase();
          draw();
        }
      }
    } catch (InterruptedException e) {
      return;
    }
  }

  private void draw() {
    List<String> lines = new ArrayList<>();
    String time = HumanText.seconds(Duration.between(begin, Instant.now()));
    lines.add("[+] Building " + time + " (" + ended + (total > 0 ? "/" + total : "") + ")");
    int room = Math.max(1, (rows - 3) / Math.max(1, running.size()) - 1);
    for (Step step : running.values()) {
      lines.add(" => " + step.name + "  " + HumanText.seconds(step.age()));
      if (!step.why.isEmpty()) {
        lines.add("    not cached: " + step.why);
      }
      step.transfers.forEach((item, rate) -> lines.add("    " + item + "  " + rate.text()));
      step.last(Math.min(TAIL_LINES, room)).forEach(l -> lines.add("    " + l));
    }
    drawn = Math.min(lines.size(), rows - 1);
    for (String line : lines.subList(0, drawn)) {
      String visible = line.replaceAll("\\p{Cntrl}", " ");
      out.println(HumanText.cut(visible, columns - 1));
    }
    out.flush();
  }

  private void erase() {
    if (drawn > 0) {
      out.print("\u001b[" + drawn + "A\u001b[0J");
      drawn = 0;
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      clock.interrupt();
      erase();
      running.clear();
      draw();
    }
  }
}
