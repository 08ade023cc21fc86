package io.slipway.runtime.container;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.linux.ProcessCalls.Ended;
import io.slipway.runtime.process.PidFdReaper;
import io.slipway.runtime.process.ProcessLauncher.Launched;
import io.slipway.runtime.process.Pty;
import io.slipway.runtime.spec.TerminalSize;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A started process with its streams: what a container's first process and an exec share. */
public final class ChildProcess implements RunningProcess {
  private static final long DRAIN_SECONDS = 2;

  private final int pid;
  private final Fd pidFd;
  private final ProcessStreams streams;
  private final CompletableFuture<ExitStatus> exit;
  private final CompletableFuture<ExitStatus> finished;

  /**
   * Begins to wait for the process; its descriptor and its streams are owned from here on.
   *
   * @param addition what else there is to know about the end
   * @param threads for letting go of the streams, which may have to wait for a writer
   */
  ChildProcess(
      Launched launched,
      ProcessStreams streams,
      PidFdReaper reaper,
      UnaryOperator<ExitStatus> addition,
      Executor threads)
      throws LinuxException {
    this.pid = launched.pid();
    this.pidFd = launched.pidFd();
    this.streams = streams;
    this.exit =
        reaper
            .watch(pidFd)
            .thenApply(ended -> addition.apply(status(ended)))
            .whenComplete((status, problem) -> letGo());
    this.finished = exit.thenCompose(this::drained);
    finished.whenCompleteAsync((status, problem) -> close(), threads);
  }

  /** The streams end with their last writer, which may be a process that outlives this one. */
  private CompletableFuture<ExitStatus> drained(ExitStatus status) {
    return streams
        .drained()
        .completeOnTimeout(null, DRAIN_SECONDS, TimeUnit.SECONDS)
        .thenApply(ignored -> status);
  }

  private static ExitStatus status(Ended ended) {
    return ended.signaled() ? ExitStatus.signaled(ended.value()) : ExitStatus.exited(ended.value());
  }

  private void letGo() {
    synchronized (pidFd) {
      pidFd.close();
    }
  }

  @Override
  public int pid() {
    return pid;
  }

  @Override
  public OutputStream stdin() {
    return streams.input();
  }

  @Override
  public CompletableFuture<ExitStatus> exit() {
    return exit.copy();
  }

  @Override
  public ExitStatus waitFor() throws InterruptedException {
    try {
      return finished.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for process " + pid, e.getCause());
    }
  }

  @Override
  public boolean signal(int signal) throws IOException {
    synchronized (pidFd) {
      return pidFd.isOpen() && ProcessCalls.signal(pidFd, signal);
    }
  }

  /** A descriptor of the process for one joining call; empty if it has ended. */
  Optional<Fd> handle() throws IOException {
    synchronized (pidFd) {
      return pidFd.isOpen() ? Optional.of(pidFd.duplicate()) : Optional.empty();
    }
  }

  @Override
  public void resize(TerminalSize size) throws IOException {
    Pty pty =
        streams
            .pty()
            .orElseThrow(() -> new IllegalStateException("process " + pid + " has no terminal"));
    synchronized (streams) {
      if (pty.master().isOpen()) {
        pty.resize(size);
      }
    }
  }

  ProcessStreams streams() {
    return streams;
  }

  /** Lets go of the streams. */
  void close() {
    synchronized (streams) {
      try {
        streams.close();
      } catch (IOException e) {
        throw new IllegalStateException("closing the streams of process " + pid, e);
      }
    }
  }
}
