package io.slipway.builder.op;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.error.StepFailedException;
import io.slipway.builder.graph.Exec;
import io.slipway.builder.graph.StepInfo;
import io.slipway.builder.op.StepSnapshots.WritableTree;
import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.builder.solver.Result;
import io.slipway.builder.solver.StepOutput;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Platform;
import io.slipway.runtime.container.ContainerIo;
import io.slipway.runtime.container.ContainerStartException;
import io.slipway.runtime.container.ExitStatus;
import io.slipway.runtime.container.UnknownUserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** RUN: a command in a container of its own, whose changes are kept. */
final class ExecStep {
  private final StepTools tools;
  private final StepFolders folders;
  private final StepSnapshots snapshots;
  private final CallerSecrets secrets;
  private final OtherResults others;

  ExecStep(
      StepTools tools,
      StepFolders folders,
      StepSnapshots snapshots,
      CallerSecrets secrets,
      OtherResults others) {
    this.secrets = secrets;
    this.tools = tools;
    this.folders = folders;
    this.snapshots = snapshots;
    this.others = others;
  }

  Result run(Exec exec, StepInfo info, List<Result> inputs, CacheKey key, StepOutput output)
      throws IOException, InterruptedException {
    if (exec.hints().platform().isPresent()) {
      Emulators.ofKernel().require(exec.hints().platform().get(), Platform.host());
    }
    return snapshots.make(
        key,
        StepRunner.parent(inputs),
        tree -> {
          try (var mounts = new StepMounts(folders, snapshots, secrets, others)) {
            mounts.open(exec, inputs);
            run(exec, info, tree, mounts, output);
          }
        },
        (active, failure) -> tools.failures().keep(exec, info, inputs, snapshots, active, failure));
  }

  private void run(
      Exec exec, StepInfo info, WritableTree tree, StepMounts mounts, StepOutput output)
      throws IOException, InterruptedException {
    var points = new MountPoints(tree.tree());
    var tail = new LogTail(output);
    ExitStatus status = status(exec, info, tree, points, mounts, tail);
    if (!status.succeeded()) {
      throw new StepFailedException(exec.commandLine(), status.code(), tail.text(), info.excerpt());
    }
    points.remove();
  }

  private ExitStatus status(
      Exec exec,
      StepInfo info,
      WritableTree tree,
      MountPoints points,
      StepMounts mounts,
      LogTail tail)
      throws IOException, InterruptedException {
    var io =
        ContainerIo.output(
            tail.stream(BuildEvent.Stream.STDOUT), tail.stream(BuildEvent.Stream.STDERR));
    var spec = new StepSpec(exec, folders);
    try (var step = StepContainer.start(tools, spec, tree, points, mounts, Optional.empty(), io)) {
      return step.container().waitFor();
    } catch (UnknownUserException e) {
      throw new SlipwayException(ErrorKind.INVALID, e.getMessage(), e);
    } catch (ContainerStartException e) {
      // the command's own words, had it any: why there is none to start
      byte[] why = (e.getMessage() + "\n").getBytes(StandardCharsets.UTF_8);
      tail.stream(BuildEvent.Stream.STDERR).write(why);
      throw new StepFailedException(exec.commandLine(), e.exitCode(), tail.text(), info.excerpt());
    }
  }
}
