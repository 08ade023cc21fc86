package io.slipway.runtime.container;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.process.Orphans;
import io.slipway.runtime.process.PidFdReaper;
import io.slipway.runtime.process.ProcessLauncher.Launched;
import io.slipway.runtime.process.Pty;
import io.slipway.runtime.spec.Capabilities;
import io.slipway.runtime.spec.Capability;
import io.slipway.runtime.spec.ProcessSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Processes that another program makes for us and then leaves. While this is open, this program is
 * the parent of what loses its parent below it: so their ends are told to us, on every kernel, and
 * so are those of others below it, which are let go of.
 */
public final class ForeignProcesses implements AutoCloseable {
  private static final int PR_SET_CHILD_SUBREAPER = 36;

  private static final Duration ORPHANS_LOOK = Duration.ofSeconds(5);

  private final ExecutorService threads;
  private final PidFdReaper reaper;
  private final KernelFeatures features;
  private final Orphans orphans;

  public ForeignProcesses() throws IOException {
    this.threads =
        Executors.newCachedThreadPool(
            Thread.ofPlatform().name("slipway-foreign-", 0).daemon().factory());
    this.reaper = new PidFdReaper(threads);
    this.features = KernelFeatures.probe();
    ProcessCalls.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    this.orphans = new Orphans(ORPHANS_LOOK);
  }

  /** The process without the capabilities that this daemon has not and so cannot grant. */
  public ProcessSpec possible(ProcessSpec process) {
    Capabilities asked = process.capabilities();
    Capabilities granted = new Capabilities(own(asked.granted()), own(asked.ambient()));
    return process.with(b -> b.capabilities(granted));
  }

  private Set<Capability> own(Set<Capability> asked) {
    return asked.stream()
        .filter(one -> (features.ownCapabilities() >> one.bit() & 1) == 1)
        .collect(Collectors.toSet());
  }

  /** Streams to hand to the maker of a process. */
  public ProcessStreams pipes(ContainerIo io, Identity owner) throws IOException {
    return ProcessStreams.open(io, Optional.empty(), owner, threads);
  }

  /** The streams of a process whose terminal its maker has opened. */
  public ProcessStreams terminal(ContainerIo io, Pty pty) throws IOException {
    return ProcessStreams.adopt(io, Optional.of(pty), Map.of(), threads);
  }

  /** Begins to wait for a process whose maker is gone, and to copy its streams. */
  public ChildProcess watch(int pid, ProcessStreams streams, UnaryOperator<ExitStatus> addition)
      throws IOException {
    Fd pidFd = ProcessCalls.pidFd(pid);
    streams.started();
    return new ChildProcess(new Launched(pid, pidFd), streams, reaper, addition, threads);
  }

  @Override
  public void close() {
    try {
      ProcessCalls.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
    } catch (LinuxException e) {
      throw new IllegalStateException("giving up foreign processes", e);
    }
    orphans.close();
    reaper.close();
    threads.shutdown();
  }
}
