package io.slipway.runtime.container;

import static io.slipway.runtime.process.Arg.handle;
import static io.slipway.runtime.process.Arg.number;

import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.linux.SystemCall;
import io.slipway.runtime.process.ProcessPrograms;
import io.slipway.runtime.process.ProcessPrograms.CloneOptions;
import io.slipway.runtime.process.ProgramBuilder;
import io.slipway.runtime.process.SyscallProgram;
import io.slipway.runtime.spec.ProcessSpec;
import java.util.Optional;

/**
 * Compiles an exec: a process that joins all namespaces of a running container by the descriptor of
 * its first process, so that no path and no process number is trusted.
 */
final class ExecProgram {
  private static final long JOINED =
      (long) ProcessCalls.CLONE_NEWNS
          | ProcessCalls.CLONE_NEWUTS
          | ProcessCalls.CLONE_NEWIPC
          | ProcessCalls.CLONE_NEWNET
          | ProcessCalls.CLONE_NEWCGROUP;

  private ExecProgram() {}

  /**
   * @param users whether the container has a user namespace, which owns the others
   */
  static SyscallProgram compile(ProcessSpec process, StartFacts facts, boolean users) {
    CloneOptions options =
        new CloneOptions(0, Optional.of(StartFacts.CONTAINER), facts.cgroups().directory());
    long joined = users ? JOINED | ProcessCalls.CLONE_NEWUSER : JOINED;
    return ProcessPrograms.process(options, program -> child(program, process, facts, joined));
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
