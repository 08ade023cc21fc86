package io.slipway.runtime.process;

import static io.slipway.runtime.process.Arg.number;
import static io.slipway.runtime.process.Arg.words;

import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.linux.SystemCall;
import io.slipway.runtime.process.Arg.Out;
import io.slipway.runtime.process.ProgramBuilder.Label;
import java.util.Optional;
import java.util.function.Consumer;

/** The frame every process is made with: the parent's calls around the clone, then the child's. */
public final class ProcessPrograms {
  /**
   * Handle of a number above every descriptor that was given to the launch, for the child to move
   * descriptors to that several calls need. It must be taken ({@code dup3}) before it is relied on.
   */
  public static final String SCRATCH = "scratch";

  static final String OWN_PID_NAMESPACE = "own pid namespace";
  static final String CLONE_STEP = "clone";
  static final Out PID_FD = new Out("pidfd", 8);

  private static final Out OLD_MASK = new Out("old_mask", 8);
  private static final int SIG_SETMASK = 2;
  private static final int SIGSET_BYTES = 8;
  static final int SIGCHLD = 17;
  static final int CLONE_ARGS_BYTES = 88;

  /**
   * Why these flags. VM: no page table is copied, which would cost 7 to 60 ms. VFORK: the parent
   * thread waits, so the memory stays valid, and the kernel's memory cgroup does not choose a
   * process that shares the JVM's memory (without VFORK the whole daemon was killed). PIDFD: a
   * handle that cannot be confused with a later process. CLEAR_SIGHAND: the JVM's handlers must not
   * run in the child.
   */
  private static final long ALWAYS =
      ProcessCalls.CLONE_VM
          | ProcessCalls.CLONE_VFORK
          | ProcessCalls.CLONE_PIDFD
          | ProcessCalls.CLONE_CLEAR_SIGHAND;

  private ProcessPrograms() {}

  /**
   * How the child is made.
   *
   * @param newNamespaces {@code CLONE_NEW*} flags
   * @param pidNamespace handle of the pid namespace (or a pidfd in it) that the child joins
   * @param cgroup handle of the cgroup v2 directory it is born in
   * @param userNamespace handle of the user namespace that it and its new namespaces belong to
   */
  public record CloneOptions(
      long newNamespaces,
      Optional<String> pidNamespace,
      Optional<String> cgroup,
      Optional<String> userNamespace) {
    public CloneOptions(
        long newNamespaces, Optional<String> pidNamespace, Optional<String> cgroup) {
      this(newNamespaces, pidNamespace, cgroup, Optional.empty());
    }
  }

  /**
   * The whole program.
   *
   * <p>Signals are blocked over the clone and every one is still blocked in the child: the JVM's
   * handlers would run on memory that the child shares. The pid namespace is a property of the
   * calling thread's next children, so it is switched and switched back in the same native call; no
   * Java runs in between.
   *
   * @param child adds the child's calls; the last one must be an {@code execve}
   */
  public static SyscallProgram process(CloneOptions options, Consumer<ProgramBuilder> child) {
    ProgramBuilder program = new ProgramBuilder();
    Label childStart = new Label();
    Label restore = new Label();
    Label helperStart = new Label();
    boolean byHelper = options.userNamespace().isPresent();
    blockSignals(program, restore);
    if (byHelper) {
      HelperClone.inParent(program, helperStart, restore);
    } else {
      cloneHere(program, options, childStart, restore);
    }
    restoreSignals(program, restore);
    if (byHelper) {
      HelperClone.inHelper(program, helperStart, options, childStart);
    }

    program.section("child");
    program.bind(childStart);
    child.accept(program);
    program.section("failed");
    program.bindFailure();
    program.call("exit", SystemCall.EXIT_GROUP, number(127));
    return program.build();
  }

  static void blockSignals(ProgramBuilder program, Label failed) {
    program.section("parent");
    program
        .call("block signals", SystemCall.RT_SIGPROCMASK, mask(words(~0L), OLD_MASK))
        .failsTo(failed);
  }

  /** The end of the parent's part. */
  static void restoreSignals(ProgramBuilder program, Label here) {
    program.bind(here);
    program
        .call("restore signals", SystemCall.RT_SIGPROCMASK, mask(OLD_MASK, number(0)))
        .mayFailButCounts()
        .thenReturn();
  }

  private static void cloneHere(
      ProgramBuilder program, CloneOptions options, Label childStart, Label restore) {
    options
        .pidNamespace()
        .ifPresent(handle ->
            program
                .call(
                    "join pid namespace",
                    SystemCall.SETNS,
                    Arg.handle(handle),
                    number(ProcessCalls.CLONE_NEWPID))
                .failsTo(restore));
    program
        .call(
            CLONE_STEP, SystemCall.CLONE3, cloneArgs(options, 0, SIGCHLD), number(CLONE_ARGS_BYTES))
        .onZero(childStart)
        .mayFailButCounts();
    if (options.pidNamespace().isPresent()) {
      program
          .call(
              "return to own pid namespace",
              SystemCall.SETNS,
              Arg.handle(OWN_PID_NAMESPACE),
              number(ProcessCalls.CLONE_NEWPID))
          .mayFailButCounts();
    }
  }

  private static Arg[] mask(Arg set, Arg old) {
    return new Arg[] {number(SIG_SETMASK), set, old, number(SIGSET_BYTES)};
  }

  /**
   * @param more flags
   * @param exitSignal what its parent gets at its end
   */
  static Arg cloneArgs(CloneOptions options, long more, int exitSignal) {
    long intoCgroup = options.cgroup().isPresent() ? ProcessCalls.CLONE_INTO_CGROUP : 0;
    Arg zero = number(0);
    return words(
        number(ALWAYS | options.newNamespaces() | intoCgroup | more),
        PID_FD,
        zero,
        zero,
        number(exitSignal),
        zero,
        zero,
        zero,
        zero,
        zero,
        options.cgroup().map(Arg::handle).orElse(zero));
  }
}
