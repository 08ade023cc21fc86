package io.slipway.builder.frontend;

import io.slipway.builder.graph.ExecMount;
import io.slipway.builder.graph.Op;
import io.slipway.builder.graph.StepInfo;
import io.slipway.builder.graph.Vertex;
import io.slipway.dockerfile.ast.Flag;
import io.slipway.dockerfile.parse.RunMount;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.util.List;
import java.util.Optional;

/** The {@code --mount} flags of a RUN. */
final class MountFlags {
  private static final String CACHE_NAMESPACE_ARGUMENT = "BUILDKIT_CACHE_MOUNT_NS";

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
      case SECRET -> throw notYet("secret");
      case SSH -> throw notYet("ssh");
    };
  }

  private static SlipwayException notYet(String type) {
    return new SlipwayException(
        ErrorKind.UNSUPPORTED, "RUN --mount=type=" + type + " is not supported yet");
  }

  private String target(RunMount mount) {
    String target = ContainerPaths.resolve(stage.workingDirectory(), mount.target().orElse(""));
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
    if (mount.from().isPresent()) {
      throw new SlipwayException(
          ErrorKind.UNSUPPORTED, "RUN --mount=type=cache with from= is not supported yet");
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
        mount.gid());
  }

  private static ExecMount.Sharing sharing(Optional<RunMount.Sharing> sharing) {
    return switch (sharing.orElse(RunMount.Sharing.SHARED)) {
      case SHARED -> ExecMount.Sharing.SHARED;
      case PRIVATE -> ExecMount.Sharing.PRIVATE;
      case LOCKED -> ExecMount.Sharing.LOCKED;
    };
  }
}
