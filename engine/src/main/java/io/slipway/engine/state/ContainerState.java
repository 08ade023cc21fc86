package io.slipway.engine.state;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.engine.model.ContainerStatus;
import java.time.Instant;
import java.util.Objects;

/**
 * What a container is doing, or how it ended.
 *
 * @param error why it could not be started, else empty
 * @param startedAt {@link #NEVER} before the first start
 * @param finishedAt {@link #NEVER} before the first end
 * @param health null without health checks
 */
public record ContainerState(
    ContainerStatus status,
    int pid,
    int exitCode,
    String error,
    @JsonProperty("OOMKilled") boolean oomKilled,
    Instant startedAt,
    Instant finishedAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) Health health) {
  /** Go's zero time, as Docker shows a time that is not set. */
  public static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

  public static final ContainerState CREATED =
      new ContainerState(ContainerStatus.CREATED, 0, 0, "", false, NEVER, NEVER, null);

  public ContainerState {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(error, "error");
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(finishedAt, "finishedAt");
  }

  public ContainerState running(int newPid, Instant now) {
    return new ContainerState(
        ContainerStatus.RUNNING, newPid, 0, "", false, now, finishedAt, health);
  }

  public ContainerState with(ContainerStatus newStatus) {
    return new ContainerState(
        newStatus, pid, exitCode, error, oomKilled, startedAt, finishedAt, health);
  }

  public ContainerState exited(int code, boolean oom, Instant now) {
    return new ContainerState(
        ContainerStatus.EXITED,
        0,
        code,
        "",
        oom,
        startedAt,
        now,
        health == null ? null : health.ended());
  }

  public ContainerState withHealth(Health newHealth) {
    return new ContainerState(
        status, pid, exitCode, error, oomKilled, startedAt, finishedAt, newHealth);
  }

  /** It has ended and will be started again. */
  public ContainerState restarting(int code, boolean oom, Instant now) {
    return exited(code, oom, now).with(ContainerStatus.RESTARTING);
  }

  /** It could not be started; one that never ran is left "created" with the reason. */
  public ContainerState failed(int code, String reason) {
    ContainerStatus left =
        startedAt.equals(NEVER) ? ContainerStatus.CREATED : ContainerStatus.EXITED;
    return new ContainerState(left, 0, code, reason, false, startedAt, finishedAt, health);
  }

  @JsonIgnore
  public boolean isRunning() {
    return status.isRunning();
  }
}
