package io.slipway.runtime.container;

import io.slipway.runtime.spec.TerminalSize;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;

/** A process in a container, as its parent sees it. */
public interface RunningProcess {

  /** Process id in the daemon's pid namespace. */
  int pid();

  /**
   * Its standard input when started with {@link ContainerIo.Input.Pipe}; closing it is the end of
   * input. A write after the process is gone fails with "broken pipe". For other inputs a stream
   * that refuses every write.
   */
  OutputStream stdin();

  /** Completes when the process has ended, perhaps before its last output was read. */
  CompletableFuture<ExitStatus> exit();

  /**
   * Waits for the end of the process and of its output (bounded: a daemonised grandchild that keeps
   * a stream open is waited for at most two seconds, as Docker does).
   */
  ExitStatus waitFor() throws InterruptedException;

  /** Sends a signal to this process alone; false if it has ended. */
  boolean signal(int signal) throws IOException;

  /** Tells the terminal its new size; without a terminal an {@link IllegalStateException}. */
  void resize(TerminalSize size) throws IOException;
}
