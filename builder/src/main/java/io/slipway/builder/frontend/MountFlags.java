package io.slipway.builder.frontend;

import io.slipway.builder.graph.ExecMount;
import io.slipway.builder.graph.Op;
import io.slipway.builder.graph.StepInfo;
import io.slipway.builder.graph.Vertex;
import io.slipway.dockerfile.ast.Flag;
import io.slipway.dockerfile.parse.RunMount;
import io.slipway.image.error.SlipwayException;
import java.util.List;
import java.util.Optional;

/** The {@code --mount} flags of a RUN. */
final class MountFlags {
  private static final String CACHE_NAMESPACE_ARGUMENT = "BUILDKIT_CACHE_MOUNT_NS";
  private static final String SECRETS = "/run/secrets/";
  private static final int SECRET_MODE = 0400;
  private static final String DEFAULT_AGENT = "default";
  private static final String AGENT_SOCKET = "/run/buildkit/ssh_agent.";
  private static final int AGENT_MODE = 0600;

  private final StageBuild stage;
  private final List<Vertex> inputs;
  private final List<ExecMount> mounts;

  /**
   * @param inputs further inputs of the step (input 0, its tree, is not among them) are added here
   * @param mounts and what is mounted here
   */
  MountFlags(StageBuild stage, List<Vertex> inputs, List<ExecMount> mounts) {
    this.stage = stage;
    this.inputs = inputs;
    this.mounts = mounts;
  }

  void addAll(List<Flag> flags) {
    for (Flag flag : flags) {
      mounts.add(mount(RunMount.parse(flag.value().orElse(""), stage::expand)));
    }
  }

  private ExecMount mount(RunMount mount) {
    return switch (mount.type()) {
      case BIND -> {
        String target = target(mount);
        yield new ExecMount.Bind(
            input(mount, target),
            ContainerPaths.clean(mount.source().orElse("/")),
            target,
            !mount.readOnly());
      }
      case CACHE -> cache(mount, target(mount));
      case TMPFS -> new ExecMount.Tmpfs(target(mount), mount.sizeBytes());
      case SECRET -> secret(mount);
      case SSH -> ssh(mount);
    };
  }

  private ExecMount secret(RunMount mount) {
    String given = mount.target().map(this::resolve).orElse("");
    String id = mount.id().or(mount::source).orElseGet(() -> ContainerPaths.baseName(given));
    boolean variableOnly = mount.target().isEmpty() && mount.env().isPresent();
    String usual = variableOnly ? "" : SECRETS + ContainerPaths.baseName(id);
    return new ExecMount.Secret(
        id,
        mount.target().isPresent() ? given : usual,
        mount.env(),
        mount.required(),
        mount.mode().orElse(SECRET_MODE),
        mount.uid().orElse(0),
        mount.gid().orElse(0));
  }

  private ExecMount ssh(RunMount mount) {
    long before = mounts.stream().filter(ExecMount.Ssh.class::isInstance).count();
    return new ExecMount.Ssh(
        mount.id().orElse(DEFAULT_AGENT),
        mount.target().map(this::resolve).orElse(AGENT_SOCKET + before),
        mount.required(),
        mount.mode().orElse(AGENT_MODE),
        mount.uid().orElse(0),
        mount.gid().orElse(0));
  }

  private String target(RunMount mount) {
    return resolve(mount.target().orElse(""));
  }

  private String resolve(String path) {
    String target = ContainerPaths.resolve(stage.workingDirectory(), path);
    if (target.equals("/")) {
      throw SlipwayException.invalid("invalid mount target \"/\"");
    }
    return target;
  }

  private int input(RunMount mount, String target) {
    Vertex source =
        mount
            .from()
            .map(from -> tree(from, target))
            .orElseGet(() ->
                Vertex.of(
                    new Op.LocalSource(Op.LocalSource.MAIN),
                    List.of(),
                    StepInfo.internal("[internal] load build context")));
    inputs.add(source);
    return inputs.size();
  }

  private Vertex tree(String from, String target) {
    PlanScope scope = stage.scope();
    return scope.trees().apply(scope.stages().mountSource(from, target, stage.entry().index()));
  }

  private ExecMount cache(RunMount mount, String target) {
    Optional<ExecMount.Cache.Initial> initial = Optional.empty();
    if (mount.from().isPresent()) {
      String source = ContainerPaths.clean(mount.source().orElse("/"));
      initial = Optional.of(new ExecMount.Cache.Initial(input(mount, target), source));
    }
    String namespace =
        stage.scope().input().options().buildArgs().getOrDefault(CACHE_NAMESPACE_ARGUMENT, "");
    String id = mount.id().orElse(target);
    return new ExecMount.Cache(
        namespace.isEmpty() ? id : namespace + "/" + id,
        mount.id().isPresent(),
        target,
        sharing(mount.sharing()),
        mount.readOnly(),
        mount.mode(),
        mount.uid(),
        mount.gid(),
        initial);
  }

  private static ExecMount.Sharing sharing(Optional<RunMount.Sharing> sharing) {
    return switch (sharing.orElse(RunMount.Sharing.SHARED)) {
      case SHARED -> ExecMount.Sharing.SHARED;
      case PRIVATE -> ExecMount.Sharing.PRIVATE;
      case LOCKED -> ExecMount.Sharing.LOCKED;
    };
  }
}
