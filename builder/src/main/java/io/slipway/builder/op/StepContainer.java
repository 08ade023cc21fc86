package io.slipway.builder.op;

import io.slipway.builder.graph.Exec;
import io.slipway.builder.op.StepSnapshots.WritableTree;
import io.slipway.runtime.container.ContainerIo;
import io.slipway.runtime.container.RootFilesystem;
import io.slipway.runtime.container.RunningContainer;
import io.slipway.runtime.network.EndpointOptions;
import io.slipway.runtime.network.NetworkAttachment;
import io.slipway.runtime.network.NetworkMode;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.TerminalSize;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/** A step's container and its network, until both are closed. */
final class StepContainer implements AutoCloseable {
  private final RunningContainer container;
  private final NetworkAttachment network;

  private StepContainer(RunningContainer container, NetworkAttachment network) {
    this.container = container;
    this.network = network;
  }

  /**
   * Starts the command of a step.
   *
   * @param points of {@code tree}; what is missing for mounts is made
   * @param terminal of the command; empty for none
   * @throws io.slipway.runtime.container.ContainerStartException it cannot be run
   */
  static StepContainer start(
      StepTools tools,
      StepSpec step,
      WritableTree tree,
      MountPoints points,
      StepMounts mounts,
      Optional<TerminalSize> terminal,
      ContainerIo io)
      throws IOException {
    String id = "build-" + UUID.randomUUID().toString().replace("-", "");
    NetworkMode mode = mode(tools, step.exec());
    NetworkAttachment network = tools.networks().attach(mode, id, EndpointOptions.DEFAULT);
    try {
      ContainerSpec spec = points.covered(step.of(id, mode, network, mounts, terminal));
      StepSpec.prepare(points, spec, mounts.files());
      var root = new RootFilesystem.Mounted(tree.mount());
      return new StepContainer(tools.containers().start(spec, root, io), network);
    } catch (IOException | RuntimeException e) {
      closeAfter(e, network);
      throw e;
    }
  }

  private static void closeAfter(Exception failure, NetworkAttachment network) {
    try {
      network.close();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private static NetworkMode mode(StepTools tools, Exec exec) {
    return switch (exec.network()) {
      case HOST -> NetworkMode.HOST;
      case NONE -> NetworkMode.NONE;
      case DEFAULT -> tools.networks().bridge().isPresent() ? NetworkMode.BRIDGE : NetworkMode.NONE;
    };
  }

  RunningContainer container() {
    return container;
  }

  @Override
  public void close() throws IOException {
    try (network) {
      container.close();
    }
  }
}
