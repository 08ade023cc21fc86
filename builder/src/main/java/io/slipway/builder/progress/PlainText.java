package io.slipway.builder.progress;

import io.slipway.builder.error.SourceExcerpt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Events as the numbered lines that BuildKit prints without a terminal: {@code #5 [2/4] RUN make},
 * {@code #5 0.312 output}, {@code #5 DONE 1.2s}, {@code #5 CACHED}, {@code #5 ERROR: …} and the
 * quoted Dockerfile lines. Output of a step is given in whole lines.
 */
public final class PlainText implements BuildListener {
  private final Consumer<String> out;
  private final boolean explain;
  private final Map<StepId, Step> steps = new HashMap<>();
  private int numbered;

  /** Gives pieces of text, each ending with a line end, to {@code out}. */
  public PlainText(Consumer<String> out) {
    this(out, false);
  }

  /**
   * @param explain tell everything that is known of why steps are not cached, not just a line
   */
  public PlainText(Consumer<String> out, boolean explain) {
    this.out = out;
    this.explain = explain;
  }

  private static final class Step {
    private final int number;
    private final Instant begin;
    private final StringBuilder line = new StringBuilder();

    Step(int number, Instant begin) {
      this.number = number;
      this.begin = begin;
    }
  }

  @Override
  public void on(BuildEvent event) {
    switch (event) {
      case BuildEvent.Planned _ -> {
        return;
      }
      case BuildEvent.Started e -> title(e.step(), e.at(), e.name());
      case BuildEvent.Cached e -> {
        Step step = title(e.step(), e.at(), e.name());
        say("#" + step.number + " CACHED\n");
      }
      case BuildEvent.Missed e -> missed(e);
      case BuildEvent.Log e -> log(e);
      case BuildEvent.Progress e -> progress(e);
      case BuildEvent.Done e -> end(e.step(), e.at(), "DONE " + elapsed(e.step(), e.at()) + "\n");
      case BuildEvent.Failed e -> failed(e);
      case BuildEvent.Cancelled e -> end(e.step(), e.at(), "CANCELED\n");
      case BuildEvent.Warning e -> {
        say("WARN: " + e.message() + "\n");
        e.excerpt().map(SourceExcerpt::render).ifPresent(this::say);
      }
      case BuildEvent.Exported e -> exported(e);
    }
  }

  private Step title(StepId id, Instant at, String name) {
    Step step = steps.get(id);
    if (step == null) {
      step = new Step(++numbered, at);
      steps.put(id, step);
    }
    say("\n#" + step.number + " " + name + "\n");
    return step;
  }

  private Step step(StepId id, Instant at) {
    Step known = steps.get(id);
    return known != null ? known : title(id, at, id.value());
  }

  private void missed(BuildEvent.Missed event) {
    Step step = step(event.step(), event.at());
    String why = "#" + step.number + " not cached: ";
    if (explain) {
      event.why().lines().forEach(line -> say(why + line + "\n"));
    } else if (event.why().reason() != CacheMiss.Reason.NEW) {
      say(why + event.why().line() + "\n");
    }
  }

  private void log(BuildEvent.Log event) {
    Step step = step(event.step(), event.at());
    String text = new String(event.data().toArray(), StandardCharsets.UTF_8);
    for (char c : text.toCharArray()) {
      if (c == '\n') {
        line(step, event.at());
      } else if (c != '\r') {
        step.line.append(c);
      }
    }
  }

  private void line(Step step, Instant at) {
    String time = String.format(Locale.ROOT, "%.3f", seconds(step.begin, at));
    say("#" + step.number + " " + time + " " + step.line + "\n");
    step.line.setLength(0);
  }

  /** Only the end of a transfer is worth a line. */
  private void progress(BuildEvent.Progress event) {
    boolean complete = event.total().isPresent() && event.current() >= event.total().getAsLong();
    if (complete) {
      Step step = step(event.step(), event.at());
      say("#" + step.number + " " + event.item() + " " + event.current() + "B done\n");
    }
  }

  private void failed(BuildEvent.Failed event) {
    end(event.step(), event.at(), "ERROR: " + event.message() + "\n");
    Optional<String> excerpt = event.excerpt().map(SourceExcerpt::render);
    excerpt.ifPresent(this::say);
  }

  private void exported(BuildEvent.Exported event) {
    int number = ++numbered;
    say("\n#" + number + " exporting to image\n");
    say("#" + number + " writing image " + event.imageId() + " done\n");
    event.tags().forEach(tag -> say("#" + number + " naming to " + tag + " done\n"));
  }

  private void end(StepId id, Instant at, String how) {
    Step step = step(id, at);
    if (!step.line.isEmpty()) {
      line(step, at);
    }
    say("#" + step.number + " " + how);
  }

  private String elapsed(StepId id, Instant at) {
    return String.format(Locale.ROOT, "%.1fs", seconds(step(id, at).begin, at));
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }

  private void say(String text) {
    out.accept(text);
  }
}
