package io.slipway.engine.state;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * How a container's health checks went.
 *
 * @param failingStreak failures since the last success
 * @param log the last results, oldest first
 */
public record Health(Status status, int failingStreak, List<Result> log) {
  private static final int REMEMBERED = 5;

  /** Before the first check of the first run. */
  public static final Health NEW = new Health(Status.STARTING, 0, List.of());

  public Health {
    Objects.requireNonNull(status, "status");
    log = log == null ? List.of() : List.copyOf(log);
  }

  /** What is known of it. */
  public enum Status {
    STARTING,
    HEALTHY,
    UNHEALTHY;

    /** Docker's word. */
    @JsonValue
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One check.
   *
   * @param exitCode 0 for success, -1 when it was not run to its end
   */
  public record Result(Instant start, Instant end, int exitCode, String output) {
    public Result {
      Objects.requireNonNull(start, "start");
      Objects.requireNonNull(end, "end");
      output = output == null ? "" : output;
    }
  }

  /** At the start of a run; earlier results stay to be read. */
  public Health starting() {
    return new Health(Status.STARTING, 0, log);
  }

  /** Nobody checks any more. */
  public Health ended() {
    return new Health(Status.UNHEALTHY, failingStreak, log);
  }

  public Health succeeded(Result result) {
    return new Health(Status.HEALTHY, 0, with(result));
  }

  /**
   * One more failure.
   *
   * @param retries so many in a row make it unhealthy
   */
  public Health failed(Result result, int retries) {
    int streak = failingStreak + 1;
    return new Health(streak >= retries ? Status.UNHEALTHY : status, streak, with(result));
  }

  /** A failure that does not count, because it is still starting up. */
  public Health excused(Result result) {
    return new Health(status, failingStreak, with(result));
  }

  private List<Result> with(Result result) {
    List<Result> all = new ArrayList<>(log);
    all.add(result);
    return all.subList(Math.max(0, all.size() - REMEMBERED), all.size());
  }
}
