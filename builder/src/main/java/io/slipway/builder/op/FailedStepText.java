package io.slipway.builder.op;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipway.builder.graph.Exec;
import io.slipway.builder.graph.HostEntry;
import io.slipway.builder.graph.NetworkMode;
import io.slipway.builder.graph.StepLimits;
import io.slipway.image.model.Platform;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A {@link FailedStep} as JSON. */
final class FailedStepText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private FailedStepText() {}

  private record StepJson(
      @JsonProperty("id") String id,
      @JsonProperty("name") String name,
      @JsonProperty("exitCode") int exitCode,
      @JsonProperty("place") String place,
      @JsonProperty("created") long created,
      @JsonProperty("inputs") Map<Integer, String> inputs,
      @JsonProperty("exec") ExecJson exec) {}

  private record ExecJson(
      @JsonProperty("arguments") List<String> arguments,
      @JsonProperty("environment") List<String> environment,
      @JsonProperty("workingDirectory") String workingDirectory,
      @JsonProperty("user") String user,
      @JsonProperty("network") NetworkMode network,
      @JsonProperty("insecure") boolean insecure,
      @JsonProperty("hostname") String hostname,
      @JsonProperty("proxies") List<String> proxies,
      @JsonProperty("hosts") List<String> hosts,
      @JsonProperty("shmSize") Long shmSize,
      @JsonProperty("platform") String platform,
      @JsonProperty("mounts") List<FailedMountJson> mounts) {}

  static String write(FailedStep step) throws JsonProcessingException {
    var inputs = new TreeMap<Integer, String>();
    step.inputs().forEach((number, tree) -> inputs.put(number, tree.value()));
    return JSON.writeValueAsString(
        new StepJson(
            step.id(),
            step.name(),
            step.exitCode(),
            step.place(),
            step.created().toEpochMilli(),
            inputs,
            json(step.exec())));
  }

  private static ExecJson json(Exec exec) {
    Exec.Hints hints = exec.hints();
    OptionalLong shm = hints.shmSizeBytes();
    return new ExecJson(
        exec.arguments(),
        exec.environment(),
        exec.workingDirectory(),
        exec.user(),
        exec.network(),
        exec.insecure(),
        exec.hostname(),
        hints.proxyEnvironment(),
        hints.extraHosts().stream().map(host -> host.name() + " " + host.address()).toList(),
        shm.isPresent() ? shm.getAsLong() : null,
        hints.platform().map(Platform::toString).orElse(null),
        exec.mounts().stream().map(FailedMountJson::of).toList());
  }

  /**
   * @throws JsonProcessingException it is not what {@link #write} writes
   */
  static FailedStep read(String text) throws JsonProcessingException {
    StepJson json = JSON.readValue(text, StepJson.class);
    var inputs = new TreeMap<Integer, SnapshotKey>();
    json.inputs().forEach((number, tree) -> inputs.put(number, new SnapshotKey(tree)));
    return new FailedStep(
        json.id(),
        json.name(),
        json.exitCode(),
        json.place(),
        Instant.ofEpochMilli(json.created()),
        exec(json.exec()),
        inputs);
  }

  private static Exec exec(ExecJson json) {
    return new Exec(
        json.arguments(),
        json.environment(),
        json.workingDirectory(),
        json.user(),
        json.network(),
        json.insecure(),
        json.hostname(),
        json.mounts().stream().map(FailedMountJson::mount).toList(),
        new Exec.Hints(
            json.proxies(),
            json.hosts().stream().map(FailedStepText::host).toList(),
            size(json.shmSize()),
            Optional.ofNullable(json.platform()).map(Platform::parse),
            // whoever looks around in it is no build
            StepLimits.NONE));
  }

  private static HostEntry host(String text) {
    int blank = text.indexOf(' ');
    return new HostEntry(text.substring(0, blank), text.substring(blank + 1));
  }

  private static OptionalLong size(Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
