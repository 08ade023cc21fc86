package io.slipway.builder.frontend;

import io.slipway.builder.graph.HostEntry;
import io.slipway.builder.graph.NetworkMode;
import io.slipway.builder.graph.StepLimits;
import io.slipway.image.model.Platform;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What the caller of a build sets besides the Dockerfile. {@link #DEFAULTS} with the {@code
 * with...} methods, or the constructor.
 *
 * @param target name of the stage to build; empty for the last one
 * @param buildArgs values for ARG and the predefined arguments; a name without a value is left out
 * @param labels added to the image at the end
 * @param platform what to build for; empty for this machine's
 * @param cache which steps must not use the cache
 * @param pull look for a newer base image even if one is there
 * @param network of RUN steps that name none
 * @param extraHosts more lines for /etc/hosts of RUN steps
 * @param shmSizeBytes size of /dev/shm in RUN steps; empty for 64 MiB
 * @param limits of the containers of RUN steps
 * @param entitlements what RUN steps may do beyond the usual
 * @param contexts what stands for the names of stages and images, by name
 */
public record BuildOptions(
    String target,
    Map<String, String> buildArgs,
    Map<String, String> labels,
    Optional<Platform> platform,
    CacheUse cache,
    boolean pull,
    NetworkMode network,
    List<HostEntry> extraHosts,
    OptionalLong shmSizeBytes,
    StepLimits limits,
    Set<Entitlement> entitlements,
    Map<String, NamedContext> contexts) {

  /** Nothing set. */
  public static final BuildOptions DEFAULTS =
      new BuildOptions(
          "",
          Map.of(),
          Map.of(),
          Optional.empty(),
          CacheUse.ALL,
          false,
          NetworkMode.DEFAULT,
          List.of(),
          OptionalLong.empty(),
          StepLimits.NONE,
          Set.of(),
          Map.of());

  public BuildOptions {
    Objects.requireNonNull(target, "target");
    buildArgs = Collections.unmodifiableMap(new LinkedHashMap<>(buildArgs));
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    Objects.requireNonNull(platform, "platform");
    Objects.requireNonNull(cache, "cache");
    Objects.requireNonNull(network, "network");
    extraHosts = List.copyOf(extraHosts);
    Objects.requireNonNull(shmSizeBytes, "shmSizeBytes");
    Objects.requireNonNull(limits, "limits");
    entitlements = Set.copyOf(entitlements);
    contexts = Collections.unmodifiableMap(new LinkedHashMap<>(contexts));
  }

  /** A copy with some parts replaced: {@code options.with(o -> o.pull(true))}. */
  public BuildOptions with(UnaryOperator<BuildOptionsBuilder> changes) {
    return changes.apply(new BuildOptionsBuilder(this)).build();
  }

  public BuildOptions withTarget(String value) {
    return with(options -> options.target(value));
  }

  public BuildOptions withBuildArgs(Map<String, String> value) {
    return with(options -> options.buildArgs(value));
  }

  public BuildOptions withLabels(Map<String, String> value) {
    return with(options -> options.labels(value));
  }

  public BuildOptions withCache(CacheUse value) {
    return with(options -> options.cache(value));
  }

  public BuildOptions withNetwork(NetworkMode value) {
    return with(options -> options.network(value));
  }
}
