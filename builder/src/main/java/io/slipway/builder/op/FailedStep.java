package io.slipway.builder.op;

import io.slipway.builder.graph.Exec;
import io.slipway.builder.graph.ExecMount;
import io.slipway.builder.solver.Result;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A RUN whose command failed, with all that is needed to look around in it: the tree as the command
 * left it and what the instruction says. Values of secrets are not part of it.
 *
 * @param id names it
 * @param name such as {@code [build 2/4] RUN make}
 * @param place in the Dockerfile, such as {@code Dockerfile:3}; empty if it is not known
 * @param exec the operation
 * @param inputs trees that mounts show, by their numbers in {@code exec}; never the step's own
 */
public record FailedStep(
    String id,
    String name,
    int exitCode,
    String place,
    Instant created,
    Exec exec,
    Map<Integer, SnapshotKey> inputs) {
  private static final String DEFAULT_SHELL = "/bin/sh";

  public FailedStep {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(exec, "exec");
    inputs = Map.copyOf(inputs);
  }

  FailedStep withInputs(Map<Integer, SnapshotKey> trees) {
    return new FailedStep(id, name, exitCode, place, created, exec, trees);
  }

  /** The tree as the command left it. */
  public SnapshotKey tree() {
    return new SnapshotKey(FailedSteps.PREFIX + id);
  }

  /** Holds an input's tree for as long as the step is kept. */
  SnapshotKey holder(int input) {
    return new SnapshotKey(FailedSteps.PREFIX + id + "." + input);
  }

  /** Every snapshot that is its own. */
  public Set<SnapshotKey> snapshots() {
    var keys = new HashSet<SnapshotKey>();
    keys.add(tree());
    inputs.keySet().forEach(input -> keys.add(holder(input)));
    return keys;
  }

  /** As an operation wants its inputs. */
  List<Result> results() {
    int last = inputs.keySet().stream().max(Integer::compare).orElse(0);
    var nothing = new Result.Tree(Optional.empty());
    List<Result> results = new ArrayList<>(Collections.nCopies(last + 1, nothing));
    results.set(0, new Result.Tree(Optional.of(tree())));
    inputs.forEach((number, tree) -> results.set(number, new Result.Tree(Optional.of(tree))));
    return results;
  }

  /** What a shell is to people: the one that the instruction used, if it used one. */
  List<String> shell() {
    List<String> arguments = exec.arguments();
    boolean shellForm = arguments.size() == 3 && arguments.get(1).matches("-[a-z]*c");
    return List.of(shellForm ? arguments.getFirst() : DEFAULT_SHELL);
  }

  /** The operation with another command; what nobody lends any more need not be there. */
  Exec entered(List<String> command, List<String> moreEnvironment) {
    var environment = new ArrayList<>(exec.environment());
    environment.addAll(moreEnvironment);
    return new Exec(
        command.isEmpty() ? shell() : command,
        environment,
        exec.workingDirectory(),
        exec.user(),
        exec.network(),
        exec.insecure(),
        exec.hostname(),
        exec.mounts().stream().map(FailedStep::optional).toList(),
        exec.hints());
  }

  private static ExecMount optional(ExecMount mount) {
    return switch (mount) {
      case ExecMount.Secret s ->
          new ExecMount.Secret(s.id(), s.target(), s.variable(), false, s.mode(), s.uid(), s.gid());
      case ExecMount.Ssh s ->
          new ExecMount.Ssh(s.id(), s.target(), false, s.mode(), s.uid(), s.gid());
      default -> mount;
    };
  }
}
