package io.slipway.builder.op;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipway.builder.graph.Exec;
import io.slipway.builder.graph.ExecMount;
import io.slipway.builder.graph.HostEntry;
import io.slipway.builder.graph.NetworkMode;
import io.slipway.builder.graph.StepLimits;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Platform;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
      @JsonProperty("mounts") List<MountJson> mounts) {}

  /** A mount of any kind; which members are set depends on {@code kind}. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record MountJson(
      @JsonProperty("kind") String kind,
      @JsonProperty("target") String target,
      @JsonProperty("input") Integer input,
      @JsonProperty("source") String source,
      @JsonProperty("writable") boolean writable,
      @JsonProperty("id") String id,
      @JsonProperty("customId") boolean customId,
      @JsonProperty("sharing") ExecMount.Sharing sharing,
      @JsonProperty("mode") Integer mode,
      @JsonProperty("uid") Long uid,
      @JsonProperty("gid") Long gid,
      @JsonProperty("variable") String variable,
      @JsonProperty("size") Long size,
      @JsonProperty("content") byte[] content) {}

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
        exec.mounts().stream().map(FailedStepText::json).toList());
  }

  private static MountJson json(ExecMount mount) {
    return switch (mount) {
      case ExecMount.Bind m ->
          new MountJson(
              "bind",
              m.target(),
              m.input(),
              m.source(),
              m.writable(),
              null,
              false,
              null,
              null,
              null,
              null,
              null,
              null,
              null);
      case ExecMount.Cache m ->
          new MountJson(
              "cache",
              m.target(),
              m.initial().map(ExecMount.Cache.Initial::input).orElse(null),
              m.initial().map(ExecMount.Cache.Initial::source).orElse(null),
              !m.readOnly(),
              m.id(),
              m.customId(),
              m.sharing(),
              m.mode().isPresent() ? m.mode().getAsInt() : null,
              m.uid().isPresent() ? m.uid().getAsLong() : null,
              m.gid().isPresent() ? m.gid().getAsLong() : null,
              null,
              null,
              null);
      case ExecMount.Tmpfs m ->
          new MountJson(
              "tmpfs",
              m.target(),
              null,
              null,
              true,
              null,
              false,
              null,
              null,
              null,
              null,
              null,
              m.sizeBytes().isPresent() ? m.sizeBytes().getAsLong() : null,
              null);
      case ExecMount.Script m ->
          new MountJson(
              "script",
              m.target(),
              null,
              null,
              false,
              null,
              false,
              null,
              null,
              null,
              null,
              null,
              null,
              m.content().toArray());
      case ExecMount.Secret m ->
          lent("secret", m.target(), m.id(), m.mode(), m.uid(), m.gid(), m.variable().orElse(null));
      case ExecMount.Ssh m -> lent("ssh", m.target(), m.id(), m.mode(), m.uid(), m.gid(), null);
    };
  }

  /** What the caller lends a step, by its name alone. */
  private static MountJson lent(
      String kind, String target, String id, int mode, long uid, long gid, String variable) {
    return new MountJson(
        kind, target, null, null, false, id, false, null, mode, uid, gid, variable, null, null);
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
        json.mounts().stream().map(FailedStepText::mount).toList(),
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

  private static ExecMount mount(MountJson m) {
    return switch (m.kind()) {
      case "bind" -> new ExecMount.Bind(m.input(), m.source(), m.target(), m.writable());
      case "cache" ->
          new ExecMount.Cache(
              m.id(),
              m.customId(),
              m.target(),
              m.sharing(),
              !m.writable(),
              m.mode() == null ? OptionalInt.empty() : OptionalInt.of(m.mode()),
              size(m.uid()),
              size(m.gid()),
              Optional.ofNullable(m.input())
                  .map(input -> new ExecMount.Cache.Initial(input, m.source())));
      case "tmpfs" -> new ExecMount.Tmpfs(m.target(), size(m.size()));
      case "script" -> new ExecMount.Script(m.target(), Bytes.copyOf(m.content()));
      case "secret" ->
          new ExecMount.Secret(
              m.id(),
              m.target(),
              Optional.ofNullable(m.variable()),
              false,
              m.mode(),
              m.uid(),
              m.gid());
      case "ssh" -> new ExecMount.Ssh(m.id(), m.target(), false, m.mode(), m.uid(), m.gid());
      default -> throw new IllegalArgumentException("unknown kind of mount: " + m.kind());
    };
  }
}
