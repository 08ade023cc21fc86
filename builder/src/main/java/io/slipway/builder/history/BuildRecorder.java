package io.slipway.builder.history;

import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.progress.PlainText;
import io.slipway.builder.progress.StepId;
import io.slipway.builder.solver.SolvedStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes one build down. Called by one thread at a time, as every listener. */
public final class BuildRecorder implements BuildListener {
  /** Output beyond is cut. */
  private static final int MAX_LOG = 1 << 20;

  private static final int MAX_WHY = 100;

  private final BuildHistory history;
  private final String id;
  private final Asked asked;
  private final Instant started = Instant.now();
  private final BuildListener listener;
  private final StringBuilder log = new StringBuilder();
  private boolean full;
  private final PlainText text = new PlainText(this::write, true);
  private final Map<String, Seen> seen = new LinkedHashMap<>();
  private List<SolvedStep> graph = List.of();

  /** What a build was asked to do, for people. */
  public record Asked(String context, String dockerfile, String target, List<String> tags) {
    public Asked {
      tags = List.copyOf(tags);
    }
  }

  /** What was told of a step. */
  private static final class Seen {
    private String name = "";
    private String state = "";
    private long started;
    private long ended;
    private List<String> why = List.of();
  }

  BuildRecorder(BuildHistory history, String id, Asked asked, BuildListener listener) {
    this.history = history;
    this.id = id;
    this.asked = asked;
    this.listener = listener;
  }

  @Override
  public void on(BuildEvent event) {
    text.on(event);
    switch (event) {
      case BuildEvent.Started e -> {
        Seen step = step(e.step());
        step.name = e.name();
        step.started = e.at().toEpochMilli();
      }
      case BuildEvent.Missed e -> {
        List<String> lines = e.why().lines();
        step(e.step()).why = lines.subList(0, Math.min(MAX_WHY, lines.size()));
      }
      case BuildEvent.Cached e -> {
        Seen step = step(e.step());
        step.name = e.name();
        end(e.step(), e.at(), "cached");
      }
      case BuildEvent.Done e -> end(e.step(), e.at(), "done");
      case BuildEvent.Failed e -> end(e.step(), e.at(), "failed");
      case BuildEvent.Cancelled e -> end(e.step(), e.at(), "canceled");
      default -> {
        // only part of the text
      }
    }
    listener.on(event);
  }

  private Seen step(StepId step) {
    return seen.computeIfAbsent(step.value(), s -> new Seen());
  }

  private void end(StepId id, Instant at, String state) {
    Seen step = step(id);
    step.state = state;
    step.ended = at.toEpochMilli();
  }

  private void write(String piece) {
    if (!full && log.length() + piece.length() > MAX_LOG) {
      full = true;
      log.append("[output beyond 1 MiB is not kept]\n");
    }
    if (!full) {
      log.append(piece);
    }
  }

  /** The graph was solved; what is known of its keys. */
  public void solved(List<SolvedStep> steps) {
    graph = List.copyOf(steps);
  }

  /** The build has made what it should. */
  public void completed(String image, int ran, int cached) {
    end("completed", "", image, ran, cached);
  }

  /** The build has ended without. */
  public void failed(String error, boolean cancelled) {
    end(cancelled ? "canceled" : "failed", error, "", 0, 0);
  }

  private void end(String status, String error, String image, int ran, int cached) {
    var record =
        new BuildRecord(
            id,
            asked.context(),
            asked.dockerfile(),
            asked.target(),
            asked.tags(),
            started.toEpochMilli(),
            System.currentTimeMillis(),
            status,
            error,
            image,
            ran,
            cached,
            steps());
    history.keep(record, log.toString());
  }

  private List<BuildRecord.Step> steps() {
    var steps = new ArrayList<BuildRecord.Step>();
    Map<String, Seen> left = new LinkedHashMap<>(seen);
    for (SolvedStep solved : graph) {
      String vertex = solved.vertex().digest().toString();
      Seen told = left.remove(vertex);
      steps.add(
          step(
              vertex,
              told == null ? new Seen() : told,
              solved.vertex().info().name(),
              solved.key().toString(),
              solved.vertex().inputs().stream().map(input -> input.digest().toString()).toList()));
    }
    left.forEach((vertex, told) -> steps.add(step(vertex, told, told.name, "", List.of())));
    return steps;
  }

  private static BuildRecord.Step step(
      String id, Seen told, String name, String key, List<String> inputs) {
    return new BuildRecord.Step(
        id, name, key, inputs, told.state, told.started, told.ended, told.why);
  }
}
