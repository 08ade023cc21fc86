package io.slipway.builder.op;

import io.slipway.builder.graph.Exec;
import io.slipway.builder.op.files.CopyTarget;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.runtime.container.ContainerIo;
import io.slipway.runtime.container.RunningContainer;
import io.slipway.runtime.spec.TerminalSize;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A command in a failed step: its tree as it was left, its mounts, environment and user. What the
 * command changes in the tree is thrown away; cache mounts are the builder's own.
 */
public final class StepShell implements AutoCloseable {
  private static final String TERM = "TERM=xterm";

  private final Deque<Part> held = new ArrayDeque<>();
  private StepContainer step;

  @FunctionalInterface
  private interface Part {
    void close() throws IOException;
  }

  /**
   * What is to be run.
   *
   * @param command empty for a shell
   * @param terminal empty for plain streams
   */
  public record Wish(List<String> command, Optional<TerminalSize> terminal) {
    public Wish {
      command = List.copyOf(command);
      Objects.requireNonNull(terminal, "terminal");
    }
  }

  private StepShell() {}

  static StepShell open(
      FailedStep failed,
      Wish wish,
      StepTools tools,
      StepFolders folders,
      CallerSecrets secrets,
      ContainerIo io)
      throws IOException, InterruptedException {
    var shell = new StepShell();
    try {
      shell.start(failed, wish, tools, folders, secrets, io);
      return shell;
    } catch (IOException | InterruptedException | RuntimeException e) {
      try {
        shell.close();
      } catch (IOException | RuntimeException more) {
        e.addSuppressed(more);
      }
      throw e;
    }
  }

  private void start(
      FailedStep failed,
      Wish wish,
      StepTools tools,
      StepFolders folders,
      CallerSecrets secrets,
      ContainerIo io)
      throws IOException, InterruptedException {
    var snapshots = new StepSnapshots(tools.snapshotter(), Optional.empty());
    StepSnapshots.Mounted tree = snapshots.scratch(Optional.of(failed.tree()));
    held.push(tree::close);
    List<String> more = wish.terminal().isPresent() ? List.of(TERM) : List.of();
    Exec exec = failed.entered(wish.command(), more);
    var mounts = new StepMounts(folders, snapshots, secrets, OtherResults.NONE);
    held.push(mounts::close);
    mounts.open(exec, failed.results());
    step =
        StepContainer.start(
            tools,
            new StepSpec(exec, folders),
            new StepSnapshots.WritableTree(CopyTarget.of(tree.tree()), tree.view().mount()),
            new MountPoints(tree.tree()),
            mounts,
            wish.terminal(),
            io);
    held.push(step::close);
  }

  /** The command. */
  public RunningContainer container() {
    return step.container();
  }

  /** Kills what still runs and throws the changes away. */
  @Override
  public void close() throws IOException {
    IOException failure = null;
    while (!held.isEmpty()) {
      try {
        held.pop().close();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
