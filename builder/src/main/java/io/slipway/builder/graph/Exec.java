package io.slipway.builder.graph;

import io.slipway.image.model.Platform;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A command run in the tree of input 0, of which the changes are the result.
 *
 * @param arguments the program and its arguments
 * @param environment {@code NAME=value}, in the order of the image's config, then ARGs
 * @param workingDirectory absolute
 * @param user as USER gives it; empty for root
 * @param insecure with every capability and device, and without filters
 * @param hostname of the container
 * @param mounts what is mounted besides the tree
 * @param hints what the command sees but the result is not known by
 */
public record Exec(
    List<String> arguments,
    List<String> environment,
    String workingDirectory,
    String user,
    NetworkMode network,
    boolean insecure,
    String hostname,
    List<ExecMount> mounts,
    Hints hints)
    implements Op {

  /** The name of the machine inside a step unless another is asked for. */
  public static final String DEFAULT_HOSTNAME = "buildkitsandbox";

  /**
   * Settings that are not part of the key.
   *
   * @param proxyEnvironment {@code NAME=value} of proxies nobody declared with ARG
   * @param extraHosts lines for /etc/hosts; their names count, their addresses do not
   * @param shmSizeBytes size of /dev/shm; empty for the engine's default
   * @param platform of the programs in the tree, which its own key tells; empty for the machine's
   * @param limits what the step may use
   */
  public record Hints(
      List<String> proxyEnvironment,
      List<HostEntry> extraHosts,
      OptionalLong shmSizeBytes,
      Optional<Platform> platform,
      StepLimits limits) {
    public static final Hints NONE = new Hints(List.of(), List.of(), OptionalLong.empty());

    /** For the machine's own platform. */
    public Hints(
        List<String> proxyEnvironment, List<HostEntry> extraHosts, OptionalLong shmSizeBytes) {
      this(proxyEnvironment, extraHosts, shmSizeBytes, Optional.empty(), StepLimits.NONE);
    }

    public Hints {
      Objects.requireNonNull(platform, "platform");
      Objects.requireNonNull(limits, "limits");
      proxyEnvironment = List.copyOf(proxyEnvironment);
      extraHosts = List.copyOf(extraHosts);
      Objects.requireNonNull(shmSizeBytes, "shmSizeBytes");
    }
  }

  public Exec {
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(hostname, "hostname");
    mounts = List.copyOf(mounts);
    Objects.requireNonNull(hints, "hints");
    if (!workingDirectory.startsWith("/")) {
      throw new IllegalArgumentException("working directory is not absolute: " + workingDirectory);
    }
  }

  @Override
  public Identity identity() {
    return identity(false);
  }

  @Override
  public Identity contentIdentity() {
    return identity(true);
  }

  private Identity identity(boolean withoutSources) {
    Identity.Builder identity = Identity.of("exec").addAll("argument", arguments);
    for (String entry : environment) {
      int equals = entry.indexOf('=');
      String name = equals < 0 ? entry : entry.substring(0, equals);
      identity.add("env." + name, equals < 0 ? "" : entry.substring(equals + 1));
    }
    identity.add("workdir", workingDirectory).add("user", user);
    identity.addIf(network != NetworkMode.DEFAULT, "network", network);
    identity.addIf(insecure, "security", "insecure");
    identity.addIf(!hostname.equals(DEFAULT_HOSTNAME), "hostname", hostname);
    for (HostEntry host : hints.extraHosts()) {
      identity.add("add-host", host.name());
    }
    for (ExecMount mount : mounts) {
      identity.addNested("mount." + mount.target(), mount.identity(withoutSources));
    }
    return identity.build();
  }

  @Override
  public List<ContentRead> contentReads() {
    return mounts.stream()
        .filter(ExecMount.Bind.class::isInstance)
        .map(ExecMount.Bind.class::cast)
        .filter(bind -> bind.input() != 0)
        .map(bind -> new ContentRead(bind.input(), bind.source(), false, List.of()))
        .toList();
  }

  /** The arguments joined by blanks, as messages show the command. */
  public String commandLine() {
    return String.join(" ", arguments);
  }
}
