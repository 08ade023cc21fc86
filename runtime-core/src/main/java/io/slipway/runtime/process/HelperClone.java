package io.slipway.runtime.process;

import static io.slipway.runtime.process.Arg.number;
import static io.slipway.runtime.process.Arg.words;

import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.linux.SystemCall;
import io.slipway.runtime.process.ProcessPrograms.CloneOptions;
import io.slipway.runtime.process.ProgramBuilder.Label;

/**
 * A process in a user namespace. The JVM has many threads and so cannot enter one itself: a child
 * of one thread enters it and makes the process in its stead, as our child. It has our table of
 * descriptors, so that the pidfd is ours, and joins the pid namespace itself, whose owner it is.
 */
final class HelperClone {
  /** The step whose result is the descriptor that a helper opened. */
  static final String OPENED = "open network namespace";

  private static final int WAIT_ALL = 0x40000000;

  private HelperClone() {}

  /** Makes the helper, which ends before this goes on. */
  static void inParent(ProgramBuilder program, Label helper, Label failed) {
    Arg zero = number(0);
    long flags =
        ProcessCalls.CLONE_VM
            | ProcessCalls.CLONE_VFORK
            | ProcessCalls.CLONE_FILES
            | ProcessCalls.CLONE_CLEAR_SIGHAND;
    Arg.Slot pid =
        program
            .call(
                "clone helper",
                SystemCall.CLONE3,
                words(
                    number(flags),
                    zero,
                    zero,
                    zero,
                    number(ProcessPrograms.SIGCHLD),
                    zero,
                    zero,
                    zero,
                    zero,
                    zero,
                    zero),
                number(ProcessPrograms.CLONE_ARGS_BYTES))
            .onZero(helper)
            .failsTo(failed)
            .result("helper");
    program
        .call("reap helper", SystemCall.WAIT4, pid, zero, number(WAIT_ALL), zero)
        .mayFailButCounts();
  }

  /** What the helper does. */
  static void inHelper(
      ProgramBuilder program, Label helper, CloneOptions options, Label childStart) {
    Label end = new Label();
    program.section("helper");
    program.bind(helper);
    options
        .userNamespace()
        .ifPresent(handle -> join(program, "user", handle, ProcessCalls.CLONE_NEWUSER, end));
    options
        .pidNamespace()
        .ifPresent(handle -> join(program, "pid", handle, ProcessCalls.CLONE_NEWPID, end));
    program
        .call(
            ProcessPrograms.CLONE_STEP,
            SystemCall.CLONE3,
            // a sibling has no say in the signal: it is the helper's
            ProcessPrograms.cloneArgs(options, ProcessCalls.CLONE_PARENT, 0),
            number(ProcessPrograms.CLONE_ARGS_BYTES))
        .onZero(childStart)
        .mayFailButCounts();
    program.bind(end);
    program.call("end helper", SystemCall.EXIT_GROUP, number(0)).mayFailButCounts();
  }

  /** A program that opens a new network namespace of a user namespace, see {@link #OPENED}. */
  static SyscallProgram newNetwork(String userNamespace) {
    ProgramBuilder program = new ProgramBuilder();
    Label helper = new Label();
    Label restore = new Label();
    Label end = new Label();
    ProcessPrograms.blockSignals(program, restore);
    inParent(program, helper, restore);
    ProcessPrograms.restoreSignals(program, restore);
    program.section("helper");
    program.bind(helper);
    join(program, "user", userNamespace, ProcessCalls.CLONE_NEWUSER, end);
    program
        .call("new network namespace", SystemCall.UNSHARE, number(ProcessCalls.CLONE_NEWNET))
        .failsTo(end);
    program
        .call(
            OPENED,
            SystemCall.OPENAT,
            number(OpenFlags.AT_FDCWD),
            Arg.text("/proc/self/ns/net"),
            number(OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC),
            number(0))
        .mayFailButCounts();
    program.bind(end);
    program.call("end helper", SystemCall.EXIT_GROUP, number(0)).mayFailButCounts();
    return program.build();
  }

  private static void join(
      ProgramBuilder program, String kind, String handle, long type, Label failed) {
    program
        .call("join " + kind + " namespace", SystemCall.SETNS, Arg.handle(handle), number(type))
        .failsTo(failed);
  }
}
