package io.slipway.runtime.container;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.process.DescriptorKeeper;
import io.slipway.runtime.process.PidFdReaper;
import io.slipway.runtime.process.ProcessLauncher;
import io.slipway.runtime.process.ProcessLauncher.Launched;
import io.slipway.runtime.process.ProgramFailedException;
import io.slipway.runtime.process.Pty;
import io.slipway.runtime.process.SyscallProgram;
import io.slipway.runtime.process.UserNamespaces;
import io.slipway.runtime.spec.ProcessSpec;
import io.slipway.runtime.spec.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
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
   * @param keeping is told of the process once it runs, before anything of it can have ended
   * @param addition what else there is to know about the end
   */
  record Request(
      ProcessSpec process,
      FactsBuilder facts,
      Optional<Fd> devpts,
      OpenHandles handles,
      Function<StartFacts, SyscallProgram> compile,
      Resources resources,
      Keeping keeping,
      UnaryOperator<ExitStatus> addition) {}

  /** Takes what must outlive this daemon; the descriptors stay their owners' to close. */
  @FunctionalInterface
  interface Keeping {
    Keeping NOTHING = (process, streams) -> {};

    void keep(Launched process, ProcessStreams streams);
  }

  ChildProcess start(Request request, ContainerIo io) throws IOException {
    Optional<Pty> pty = terminal(request);
    ProcessStreams streams = ProcessStreams.open(io, pty, request.facts().owner(), threads);
    try {
      SyscallProgram program = request.compile().apply(request.facts().terminal(pty).build());
      streams.handles().forEach(request.handles()::borrow);
      Launched launched = launcher.launch(program, request.handles().all());
      request.keeping().keep(launched, streams);
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

  /**
   * Goes on with a process that an earlier daemon started.
   *
   * @param pidFd owned from here on
   * @param ends its {@link ProcessStreams#ourEnds}, owned from here on
   */
  ChildProcess adopt(
      Fd pidFd, Map<String, Fd> ends, ContainerIo io, UnaryOperator<ExitStatus> addition)
      throws IOException {
    Optional<Pty> pty = Optional.empty();
    if (ends.containsKey(ProcessStreams.TERMINAL)) {
      pty = Optional.of(Pty.adopt(ends.get(ProcessStreams.TERMINAL)));
    }
    ProcessStreams streams = ProcessStreams.adopt(io, pty, ends, threads);
    streams.started();
    Launched launched = new Launched(ProcessCalls.pid(pidFd).orElse(0), pidFd);
    return new ChildProcess(launched, streams, reaper, addition, threads);
  }

  /** Opens what makes user namespaces. */
  UserNamespaces userNamespaces() {
    return new UserNamespaces(launcher);
  }

  /** Opens what keeps descriptors for the next daemon. */
  DescriptorKeeper keeper(Path record) throws IOException {
    return DescriptorKeeper.open(record, launcher, reaper);
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
