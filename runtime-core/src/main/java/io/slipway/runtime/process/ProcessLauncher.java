package io.slipway.runtime.process;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.process.ProgramFailedException.Refused;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs programs that make processes, on a few platform threads of its own: the calling thread of a
 * {@code vfork} stands still in the kernel for some milliseconds, which a virtual thread's carrier
 * or an event loop must not.
 */
public final class ProcessLauncher implements AutoCloseable {
  private static final int PR_SET_DUMPABLE = 4;

  private final NativeCode code;
  private final Fd ownPidNamespace;
  private final ExecutorService threads;

  /** A process that runs its own program now. */
  public record Launched(int pid, Fd pidFd) {}

  /**
   * @param parallelStarts how many processes may be in the making at once
   */
  public ProcessLauncher(int parallelStarts) throws IOException {
    this.code = NativeCode.load();
    // A child that takes another user id turns this flag off for the memory it shares with the JVM
    // anyway; and while it is off, no process in a container can attach to or read such a child.
    ProcessCalls.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    this.ownPidNamespace = FileCalls.open(Path.of("/proc/self/ns/pid"), OpenFlags.O_RDONLY, 0);
    this.threads =
        Executors.newFixedThreadPool(
            parallelStarts, Thread.ofPlatform().name("slipway-launch-", 0).daemon().factory());
  }

  /**
   * Runs the program and returns once the child's own program has started.
   *
   * @param handles the descriptors the program names; they stay the caller's and must stay open
   * @throws ProgramFailedException if a call was refused; the child is gone and reaped then
   */
  public Launched launch(SyscallProgram program, Map<String, Fd> handles) throws IOException {
    return run(program, handles, memory -> outcome(program, memory));
  }

  /** Runs a program of {@link HelperClone} that opens something for us. */
  Fd open(SyscallProgram program, Map<String, Fd> handles) throws IOException {
    return run(program, handles, memory -> opened(program, memory));
  }

  /** What has come of a program. */
  @FunctionalInterface
  private interface Outcome<T> {
    T of(ProgramMemory memory) throws IOException;
  }

  private <T> T run(SyscallProgram program, Map<String, Fd> handles, Outcome<T> outcome)
      throws IOException {
    Map<String, Integer> numbers = new HashMap<>();
    handles.forEach((name, fd) -> numbers.put(name, fd.number()));
    numbers.put(ProcessPrograms.OWN_PID_NAMESPACE, ownPidNamespace.number());
    numbers.put(ProcessPrograms.SCRATCH, Collections.max(numbers.values()) + 1);
    return await(threads.submit(() -> runHere(program, numbers, outcome)));
  }

  /** Waits even if interrupted: a half-made process cannot be left to itself. */
  private static <T> T await(Future<T> result) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof ProgramFailedException failed) {
            throw failed;
          }
          throw new IOException("starting a process: " + e.getCause().getMessage(), e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private <T> T runHere(SyscallProgram program, Map<String, Integer> numbers, Outcome<T> outcome)
      throws IOException {
    // The memory is closed only after run() is back, when the child no longer uses it.
    try (ProgramMemory memory = new ProgramMemory(program, numbers)) {
      code.run(memory.start());
      return outcome.of(memory);
    }
  }

  private static Fd opened(SyscallProgram program, ProgramMemory memory) throws IOException {
    List<Refused> refused = new ArrayList<>();
    int number = 0;
    for (int i = 0; i < program.calls().size(); i++) {
      SyscallProgram.Call call = program.calls().get(i);
      long result = memory.result(i);
      if (result < 0) {
        refused.add(new Refused(call.step(), call.number(), Errno.of((int) -result)));
      } else if (call.step().equals(HelperClone.OPENED)) {
        number = (int) result;
      }
    }
    if (!refused.isEmpty()) {
      throw new ProgramFailedException(refused.getFirst(), refused);
    }
    return new Fd(number);
  }

  private static Launched outcome(SyscallProgram program, ProgramMemory memory) throws IOException {
    List<Refused> refused = new ArrayList<>();
    Refused fatal = null;
    int pid = 0;
    for (int i = 0; i < program.calls().size(); i++) {
      SyscallProgram.Call call = program.calls().get(i);
      long result = memory.result(i);
      if (call.step().equals(ProcessPrograms.CLONE_STEP)) {
        pid = (int) result;
      }
      if (result < 0) {
        Refused one = new Refused(call.step(), call.number(), Errno.of((int) -result));
        refused.add(one);
        fatal = fatal == null && call.fatal() ? one : fatal;
      }
    }
    if (pid <= 0) {
      throw new ProgramFailedException(fatal, refused);
    }
    Fd pidFd = new Fd(memory.output(ProcessPrograms.PID_FD.name()).get(ValueLayout.JAVA_INT, 0));
    if (fatal != null) {
      killAndReap(pidFd);
      throw new ProgramFailedException(fatal, refused);
    }
    return new Launched(pid, pidFd);
  }

  /** Ends a child and lets go of it; it may take a moment to become a zombie. */
  static void killAndReap(Fd pidFd) throws IOException {
    try (pidFd) {
      ProcessCalls.signal(pidFd, ProcessCalls.SIGKILL);
      while (ProcessCalls.reap(pidFd).isEmpty()) {
        ProcessCalls.poll(new int[] {pidFd.number()}, ProcessCalls.POLLIN, 1000);
        if (Thread.interrupted()) {
          throw new InterruptedIOException("interrupted while reaping a child");
        }
      }
    }
  }

  @Override
  public void close() {
    threads.close();
    ownPidNamespace.close();
  }
}
