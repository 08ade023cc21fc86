package io.slipway.engine.build;

import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.progress.PlannedStep;
import io.slipway.builder.progress.StepId;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A build in the words of docker's classic builder: {@code Step 2/5 : RUN make}, {@code --->
 * Running in 0123456789ab}, output, {@code ---> 0123456789ab}. Steps are told in their order; the
 * output of one that runs ahead of its turn is kept until then.
 */
final class ClassicProgress implements BuildListener {
  private static final String RED = "\u001b[91m";
  private static final String PLAIN = "\u001b[0m";
  private static final int SHORT_ID = 12;
  private static final Pattern COPYING = Pattern.compile("(copy|add)\\s", Pattern.CASE_INSENSITIVE);

  private final Consumer<String> out;
  private List<PlannedStep> steps = List.of();
  private final Map<StepId, List<String>> early = new HashMap<>();
  private final Set<StepId> ended = new HashSet<>();
  private final Set<StepId> cached = new HashSet<>();

  /** The step being told, as an index of {@link #steps}. */
  private int turn = -1;

  ClassicProgress(Consumer<String> out) {
    this.out = out;
  }

  @Override
  public void on(BuildEvent event) {
    switch (event) {
      case BuildEvent.Planned e -> {
        steps = e.steps();
        advance();
      }
      case BuildEvent.Cached e -> {
        cached.add(e.step());
        end(e.step());
      }
      case BuildEvent.Log e -> say(e.step(), text(e.stream(), e.data()));
      case BuildEvent.Started e -> {
        if (runs(e.step())) {
          say(e.step(), " ---> Running in " + shortId(e.step()) + "\n");
        }
      }
      case BuildEvent.Done e -> end(e.step());
      case BuildEvent.Failed e -> reach(e.step());
      case BuildEvent.Warning e -> warn(e);
      case BuildEvent.Progress _,
          BuildEvent.Missed _,
          BuildEvent.Cancelled _,
          BuildEvent.Exported _ -> {
        return;
      }
    }
  }

  /** The classic builder checks no Dockerfile: what is said of its lines is left out. */
  private void warn(BuildEvent.Warning warning) {
    if (warning.excerpt().isEmpty()) {
      out.accept("[Warning] " + warning.message() + "\n");
    }
  }

  private static String text(BuildEvent.Stream stream, Bytes data) {
    String text = new String(data.toArray(), StandardCharsets.UTF_8);
    return stream == BuildEvent.Stream.STDERR ? RED + text + PLAIN : text;
  }

  private void say(StepId step, String text) {
    if (isTold(step)) {
      out.accept(text);
    } else {
      early.computeIfAbsent(step, s -> new ArrayList<>()).add(text);
    }
  }

  private boolean isTold(StepId step) {
    return turn >= 0 && turn < steps.size() && steps.get(turn).work().equals(Optional.of(step));
  }

  private void end(StepId step) {
    ended.add(step);
    if (isTold(step)) {
      close(step);
      advance();
    }
  }

  /** Begins the next step, and those after it as long as they have ended already. */
  private void advance() {
    while (++turn < steps.size()) {
      PlannedStep step = steps.get(turn);
      out.accept("Step " + step.number() + "/" + steps.size() + " : " + step.instruction() + "\n");
      if (step.work().isEmpty()) {
        continue;
      }
      StepId work = step.work().get();
      early.getOrDefault(work, List.of()).forEach(out);
      early.remove(work);
      if (!ended.contains(work)) {
        return;
      }
      close(work);
    }
  }

  private void close(StepId step) {
    Optional<Digest> base = steps.get(turn).base();
    if (base.isPresent()) {
      out.accept(" ---> " + base.get().hex().substring(0, SHORT_ID) + "\n");
      return;
    }
    if (cached.contains(step)) {
      out.accept(" ---> Using cache\n");
    }
    out.accept(" ---> " + shortId(step) + "\n");
  }

  /** Whether there is a container: files are put into images without one. */
  private boolean runs(StepId step) {
    return steps.stream()
        .filter(s -> s.work().equals(Optional.of(step)))
        .noneMatch(s -> s.base().isPresent() || COPYING.matcher(s.instruction()).lookingAt());
  }

  /** A step failed before its turn: what leads to it is told so that it can be seen. */
  private void reach(StepId step) {
    List<String> kept = early.getOrDefault(step, List.of());
    if (isTold(step) || kept.isEmpty()) {
      return;
    }
    steps.stream()
        .filter(s -> s.work().equals(Optional.of(step)))
        .findFirst()
        .ifPresent(s ->
            out.accept("Step " + s.number() + "/" + steps.size() + " : " + s.instruction() + "\n"));
    kept.forEach(out);
  }

  private static String shortId(StepId step) {
    String id = step.value().substring(step.value().indexOf(':') + 1);
    return id.substring(0, Math.min(SHORT_ID, id.length()));
  }
}
