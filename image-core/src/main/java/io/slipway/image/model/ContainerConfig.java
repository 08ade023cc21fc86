package io.slipway.image.model;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The {@code config} object of an image: the defaults of its containers. Absent texts are empty;
 * {@code entrypoint} and {@code cmd} tell absent (inherit nothing, print nothing) from an empty
 * list. Env keeps its order; ports, volumes and labels are sorted.
 */
public record ContainerConfig(
    String user,
    SortedSet<String> exposedPorts,
    List<String> env,
    Optional<List<String>> entrypoint,
    Optional<List<String>> cmd,
    SortedSet<String> volumes,
    String workingDir,
    SortedMap<String, String> labels,
    String stopSignal,
    boolean argsEscaped,
    Optional<Healthcheck> healthcheck,
    List<String> onBuild,
    List<String> shell) {

  public static final ContainerConfig EMPTY = new Builder().build();

  public ContainerConfig {
    Objects.requireNonNull(user, "user");
    exposedPorts = Collections.unmodifiableSortedSet(new TreeSet<>(exposedPorts));
    env = List.copyOf(env);
    entrypoint = entrypoint.map(List::copyOf);
    cmd = cmd.map(List::copyOf);
    volumes = Collections.unmodifiableSortedSet(new TreeSet<>(volumes));
    Objects.requireNonNull(workingDir, "workingDir");
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    Objects.requireNonNull(stopSignal, "stopSignal");
    Objects.requireNonNull(healthcheck, "healthcheck");
    onBuild = List.copyOf(onBuild);
    shell = List.copyOf(shell);
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.user = user;
    builder.exposedPorts = exposedPorts;
    builder.env = env;
    builder.entrypoint = entrypoint;
    builder.cmd = cmd;
    builder.volumes = volumes;
    builder.workingDir = workingDir;
    builder.labels = labels;
    builder.stopSignal = stopSignal;
    builder.argsEscaped = argsEscaped;
    builder.healthcheck = healthcheck;
    builder.onBuild = onBuild;
    builder.shell = shell;
    return builder;
  }

  /** Collects the fields of a {@link ContainerConfig}; each setter replaces the whole field. */
  public static final class Builder {
    private String user = "";
    private Collection<String> exposedPorts = List.of();
    private List<String> env = List.of();
    private Optional<List<String>> entrypoint = Optional.empty();
    private Optional<List<String>> cmd = Optional.empty();
    private Collection<String> volumes = List.of();
    private String workingDir = "";
    private Map<String, String> labels = Map.of();
    private String stopSignal = "";
    private boolean argsEscaped;
    private Optional<Healthcheck> healthcheck = Optional.empty();
    private List<String> onBuild = List.of();
    private List<String> shell = List.of();

    public Builder user(String value) {
      user = value;
      return this;
    }

    /** Ports as {@code 80/tcp}. */
    public Builder exposedPorts(Collection<String> value) {
      exposedPorts = value;
      return this;
    }

    /** Variables as {@code NAME=value}. */
    public Builder env(List<String> value) {
      env = value;
      return this;
    }

    public Builder entrypoint(List<String> value) {
      entrypoint = Optional.of(value);
      return this;
    }

    public Builder noEntrypoint() {
      entrypoint = Optional.empty();
      return this;
    }

    public Builder cmd(List<String> value) {
      cmd = Optional.of(value);
      return this;
    }

    public Builder noCmd() {
      cmd = Optional.empty();
      return this;
    }

    public Builder volumes(Collection<String> value) {
      volumes = value;
      return this;
    }

    public Builder workingDir(String value) {
      workingDir = value;
      return this;
    }

    public Builder labels(Map<String, String> value) {
      labels = value;
      return this;
    }

    public Builder stopSignal(String value) {
      stopSignal = value;
      return this;
    }

    public Builder argsEscaped(boolean value) {
      argsEscaped = value;
      return this;
    }

    public Builder healthcheck(Optional<Healthcheck> value) {
      healthcheck = value;
      return this;
    }

    public Builder onBuild(List<String> value) {
      onBuild = value;
      return this;
    }

    public Builder shell(List<String> value) {
      shell = value;
      return this;
    }

    public ContainerConfig build() {
      return new ContainerConfig(
          user,
          new TreeSet<>(exposedPorts),
          env,
          entrypoint,
          cmd,
          new TreeSet<>(volumes),
          workingDir,
          new TreeMap<>(labels),
          stopSignal,
          argsEscaped,
          healthcheck,
          onBuild,
          shell);
    }
  }
}
