package io.slipway.runtime.container;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.process.PidFdReaper;
import io.slipway.runtime.process.ProcessLauncher;
import io.slipway.runtime.process.ProcessLauncher.Launched;
import io.slipway.runtime.process.ProgramFailedException;
import io.slipway.runtime.process.Pty;
import io.slipway.runtime.process.SyscallProgram;
import io.slipway.runtime.spec.ProcessSpec;
import io.slipway.runtime.spec.Resources;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Gives a process its terminal or pipes, launches its program and begins to wait for it. The same
 * for the first process of a container and for an exec.
 */
final class ProcessStarter implements AutoCloseable {
  private final ExecutorService threads;
  private final ProcessLauncher launcher;
  private final PidFdReaper reaper;

  ProcessStarter() throws IOException {
    this.threads =
        Executors.newCachedThreadPool(
            Thread.ofPlatform().name("slipway-stream-", 0).daemon().factory());
    this.launcher =
        new ProcessLauncher(Math.max(2, 2 * Runtime.getRuntime().availableProcessors()));
    this.reaper = new PidFdReaper(threads);
  }

  /**
   * What to start.
   *
   * @param facts all but the terminal
   * @param devpts the container's terminals, if it has any
   * @param handles what the program names, but for the streams
   * @param compile makes the program of the complete facts
   * @param resources the container's limits, for messages
   * @param addition what else there is to know about the end
   */
  record Request(
      ProcessSpec process,
      FactsBuilder facts,
      Optional<Fd> devpts,
      OpenHandles handles,
      Function<StartFacts, SyscallProgram> compile,
      Resources resources,
      UnaryOperator<ExitStatus> addition) {}

  ChildProcess start(Request request, ContainerIo io) throws IOException {
    Optional<Pty> pty = terminal(request);
    ProcessStreams streams = ProcessStreams.open(io, pty, request.facts().identity(), threads);
    try {
      SyscallProgram program = request.compile().apply(request.facts().terminal(pty).build());
      streams.handles().forEach(request.handles()::borrow);
      Launched launched = launcher.launch(program, request.handles().all());
      streams.started();
      return new ChildProcess(launched, streams, reaper, request.addition(), threads);
    } catch (ProgramFailedException e) {
      streams.close();
      throw StartErrors.explain(e, request.process(), request.resources());
    } catch (IOException | RuntimeException e) {
      streams.close();
      throw e;
    }
  }

  private static Optional<Pty> terminal(Request request) throws IOException {
    if (request.process().terminal().isEmpty()) {
      return Optional.empty();
    }
    Fd devpts =
        request
            .devpts()
            .orElseThrow(() -> new IOException("a terminal needs a devpts mount in the container"));
    return Optional.of(Pty.open(devpts, request.process().terminal().get()));
  }

  @Override
  public void close() {
    launcher.close();
    reaper.close();
    threads.shutdown();
  }
}
