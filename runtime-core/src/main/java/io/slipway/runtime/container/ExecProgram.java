package io.slipway.runtime.container;

import static io.slipway.runtime.process.Arg.handle;
import static io.slipway.runtime.process.Arg.number;

import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.linux.SystemCall;
import io.slipway.runtime.process.ProcessPrograms;
import io.slipway.runtime.process.ProcessPrograms.CloneOptions;
import io.slipway.runtime.process.ProgramBuilder;
import io.slipway.runtime.process.SyscallProgram;
import io.slipway.runtime.spec.Namespaces;
import io.slipway.runtime.spec.ProcessSpec;
import java.util.Optional;

/**
 * Compiles an exec: a process that joins all namespaces of a running container by the descriptor of
 * its first process, so that no path and no process number is trusted.
 */
final class ExecProgram {
  private ExecProgram() {}

  /**
   * @param namespaces the container's
   */
  static SyscallProgram compile(ProcessSpec process, StartFacts facts, Namespaces namespaces) {
    CloneOptions options =
        new CloneOptions(0, Optional.of(StartFacts.CONTAINER), facts.cgroups().directory());
    long joined = joined(namespaces);
    return ProcessPrograms.process(options, program -> child(program, process, facts, joined));
  }

  /** Not those it shares with the daemon: they may be a machine's whose root the daemon is not. */
  private static long joined(Namespaces n) {
    return ProcessCalls.CLONE_NEWNS
        | flag(n.uts(), ProcessCalls.CLONE_NEWUTS)
        | flag(n.ipc(), ProcessCalls.CLONE_NEWIPC)
        | flag(n.network(), ProcessCalls.CLONE_NEWNET)
        | flag(n.cgroup(), ProcessCalls.CLONE_NEWCGROUP)
        | (n.user().isPresent() ? ProcessCalls.CLONE_NEWUSER : 0);
  }

  private static long flag(Namespaces.Mode mode, long flag) {
    return mode instanceof Namespaces.Host ? 0 : flag;
  }

  private static void child(
      ProgramBuilder program, ProcessSpec process, StartFacts facts, long joined) {
    program.section("cgroups and namespaces");
    // The cgroup namespace does not care, but limits must hold before anything else is done.
    ContainerProgram.joinCgroups(program, facts.cgroups());
    program.call("join namespaces", SystemCall.SETNS, handle(StartFacts.CONTAINER), number(joined));
    Stdio.add(program, facts.terminal().isPresent());
    ProcessSteps steps = new ProcessSteps(program, process, facts);
    steps.addOfDaemon();
    steps.add(false);
  }
}
