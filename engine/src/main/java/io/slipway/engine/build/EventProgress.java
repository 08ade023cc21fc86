package io.slipway.engine.build;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.builder.error.SourceExcerpt;
import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.progress.CacheMiss;
import io.slipway.builder.progress.StepId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Events as data, for {@code progress=rawjson}: a record for each, written as one JSON object. */
record EventProgress(Consumer<EventProgress.Line> out) implements BuildListener {
  /**
   * One event. Which members are set depends on {@code type}.
   *
   * @param at unix milliseconds
   * @param stream 1 standard output, 2 standard error
   * @param data output in base64
   * @param message of a {@code missed}: the reason in one line
   * @param reason of a {@code missed}: new, changed, ignored or lost
   * @param changes of a {@code missed}: what is different in the step's key
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Line(
      @JsonProperty("type") String type,
      @JsonProperty("at") long at,
      @JsonProperty("step") String step,
      @JsonProperty("name") String name,
      @JsonProperty("stream") Integer stream,
      @JsonProperty("data") byte[] data,
      @JsonProperty("item") String item,
      @JsonProperty("current") Long current,
      @JsonProperty("total") Long total,
      @JsonProperty("message") String message,
      @JsonProperty("excerpt") String excerpt,
      @JsonProperty("image") String image,
      @JsonProperty("names") List<String> names,
      @JsonProperty("reason") String reason,
      @JsonProperty("changes") List<Change> changes) {}

  /** What is different in a step's key. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Change(
      @JsonProperty("kind") String kind,
      @JsonProperty("subject") String subject,
      @JsonProperty("how") String how,
      @JsonProperty("before") String before,
      @JsonProperty("after") String after,
      @JsonProperty("text") String text) {
    static Change of(CacheMiss.Change change) {
      return new Change(
          change.kind().name().toLowerCase(Locale.ROOT),
          change.subject(),
          change.how(),
          change.before().orElse(null),
          change.after().orElse(null),
          change.text());
    }
  }

  @Override
  public void on(BuildEvent event) {
    out.accept(line(event));
  }

  private static Line line(BuildEvent event) {
    return switch (event) {
      case BuildEvent.Planned e ->
          new Draft("planned", e)
              .names(e.steps().stream().map(s -> s.number() + " " + s.instruction()).toList())
              .line();
      case BuildEvent.Started e -> new Draft("started", e).step(e.step()).name(e.name()).line();
      case BuildEvent.Cached e -> new Draft("cached", e).step(e.step()).name(e.name()).line();
      case BuildEvent.Missed e -> new Draft("missed", e).step(e.step()).why(e.why()).line();
      case BuildEvent.Log e ->
          new Draft("log", e)
              .step(e.step())
              .output(e.stream() == BuildEvent.Stream.STDOUT ? 1 : 2, e.data().toArray())
              .line();
      case BuildEvent.Progress e ->
          new Draft("progress", e).step(e.step()).transfer(e.item(), e.current(), e.total()).line();
      case BuildEvent.Done e -> new Draft("done", e).step(e.step()).line();
      case BuildEvent.Failed e ->
          new Draft("failed", e).step(e.step()).message(e.message(), e.excerpt()).line();
      case BuildEvent.Cancelled e -> new Draft("cancelled", e).step(e.step()).line();
      case BuildEvent.Warning e -> new Draft("warning", e).message(e.message(), e.excerpt()).line();
      case BuildEvent.Exported e ->
          new Draft("exported", e)
              .image(e.imageId().toString())
              .names(e.tags().stream().map(Object::toString).toList())
              .line();
    };
  }

  /** Collects the members an event has. */
  private static final class Draft {
    private final String type;
    private final long at;
    private String step;
    private String name;
    private Integer stream;
    private byte[] data;
    private String item;
    private Long current;
    private Long total;
    private String message;
    private String excerpt;
    private String image;
    private List<String> names;
    private String reason;
    private List<Change> changes;

    Draft(String type, BuildEvent event) {
      this.type = type;
      this.at = event.at().toEpochMilli();
    }

    Draft step(StepId id) {
      step = id.value();
      return this;
    }

    Draft name(String value) {
      name = value;
      return this;
    }

    Draft names(List<String> value) {
      names = value;
      return this;
    }

    Draft output(int number, byte[] bytes) {
      stream = number;
      data = bytes;
      return this;
    }

    Draft transfer(String what, long done, OptionalLong all) {
      item = what;
      current = done;
      total = all.isPresent() ? all.getAsLong() : null;
      return this;
    }

    Draft message(String text, Optional<SourceExcerpt> lines) {
      message = text;
      excerpt = lines.map(SourceExcerpt::render).orElse(null);
      return this;
    }

    Draft why(CacheMiss why) {
      message = why.line();
      reason = why.reason().name().toLowerCase(Locale.ROOT);
      changes = why.changes().stream().map(Change::of).toList();
      return this;
    }

    Draft image(String id) {
      image = id;
      return this;
    }

    Line line() {
      return new Line(
          type, at, step, name, stream, data, item, current, total, message, excerpt, image, names,
          reason, changes);
    }
  }
}
