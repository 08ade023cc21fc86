package io.slipway.builder.frontend;

import io.slipway.builder.graph.HostEntry;
import io.slipway.builder.graph.NetworkMode;
import io.slipway.builder.graph.StepLimits;
import io.slipway.image.model.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Collects the parts of {@link BuildOptions}, whose documentation says what they mean. */
public final class BuildOptionsBuilder {
  private String target;
  private Map<String, String> buildArgs;
  private Map<String, String> labels;
  private Optional<Platform> platform;
  private CacheUse cache;
  private boolean pull;
  private NetworkMode network;
  private List<HostEntry> extraHosts;
  private OptionalLong shmSizeBytes;
  private StepLimits limits;
  private Set<Entitlement> entitlements;
  private Map<String, NamedContext> contexts;

  BuildOptionsBuilder(BuildOptions options) {
    target = options.target();
    buildArgs = options.buildArgs();
    labels = options.labels();
    platform = options.platform();
    cache = options.cache();
    pull = options.pull();
    network = options.network();
    extraHosts = options.extraHosts();
    shmSizeBytes = options.shmSizeBytes();
    limits = options.limits();
    entitlements = options.entitlements();
    contexts = options.contexts();
  }

  public BuildOptionsBuilder target(String value) {
    target = value;
    return this;
  }

  public BuildOptionsBuilder buildArgs(Map<String, String> value) {
    buildArgs = value;
    return this;
  }

  public BuildOptionsBuilder labels(Map<String, String> value) {
    labels = value;
    return this;
  }

  public BuildOptionsBuilder platform(Optional<Platform> value) {
    platform = value;
    return this;
  }

  public BuildOptionsBuilder cache(CacheUse value) {
    cache = value;
    return this;
  }

  public BuildOptionsBuilder pull(boolean value) {
    pull = value;
    return this;
  }

  public BuildOptionsBuilder network(NetworkMode value) {
    network = value;
    return this;
  }

  public BuildOptionsBuilder extraHosts(List<HostEntry> value) {
    extraHosts = value;
    return this;
  }

  public BuildOptionsBuilder shmSizeBytes(OptionalLong value) {
    shmSizeBytes = value;
    return this;
  }

  public BuildOptionsBuilder limits(StepLimits value) {
    limits = value;
    return this;
  }

  public BuildOptionsBuilder entitlements(Set<Entitlement> value) {
    entitlements = value;
    return this;
  }

  public BuildOptionsBuilder contexts(Map<String, NamedContext> value) {
    contexts = value;
    return this;
  }

  BuildOptions build() {
    return new BuildOptions(
        target,
        buildArgs,
        labels,
        platform,
        cache,
        pull,
        network,
        extraHosts,
        shmSizeBytes,
        limits,
        entitlements,
        contexts);
  }
}
