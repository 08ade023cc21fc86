package io.slipway.runtime.container;

import io.slipway.runtime.cgroup.Cgroup;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.process.DescriptorKeeper.Kept;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.Namespaces;
import io.slipway.runtime.spec.ProcessSpec;
import io.slipway.runtime.spec.TerminalSize;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A container that was made by one or the other {@link Containers}. */
public final class StartedContainer implements RunningContainer {
  /** Who has made it. */
  public interface Maker {
    /**
     * Starts another process in it.
     *
     * @param first a descriptor of its first process
     */
    ChildProcess exec(StartedContainer container, Fd first, ProcessSpec process, ContainerIo io)
        throws IOException;

    /** The container is closed: nothing of it is left to look after. */
    void forget(StartedContainer container);
  }

  private final Maker containers;
  private final ContainerSpec spec;
  private final OwnedRoot root;
  private final Cgroup cgroup;
  private final Optional<Fd> devpts;
  private final ChildProcess first;

  /** Taken to read by an exec, so that it meets neither a frozen cgroup nor closed descriptors. */
  private final ReadWriteLock state = new ReentrantReadWriteLock();

  private Optional<Kept> kept = Optional.empty();
  private boolean paused;
  private boolean released;

  /**
   * @param devpts its terminals, if the daemon has them open
   */
  public StartedContainer(
      Maker containers,
      ContainerSpec spec,
      OwnedRoot root,
      Cgroup cgroup,
      Optional<Fd> devpts,
      ChildProcess first) {
    this.containers = containers;
    this.spec = spec;
    this.root = root;
    this.cgroup = cgroup;
    this.devpts = devpts;
    this.first = first;
  }

  /** What is kept of it for the next daemon, closed with it. */
  void setKept(Optional<Kept> value) {
    kept = value;
  }

  boolean isKept() {
    return kept.isPresent();
  }

  /** The first process is gone. In the host's pid namespace the others would go on without it. */
  public static ExitStatus ended(ContainerSpec spec, Cgroup cgroup, ExitStatus status) {
    try {
      if (!(spec.namespaces().pid() instanceof Namespaces.Private)) {
        cgroup.kill();
      }
      return status.withOomKilled(cgroup.oomKills() > 0);
    } catch (IOException e) {
      System.getLogger(StartedContainer.class.getName())
          .log(System.Logger.Level.WARNING, "container {0}: {1}", spec.id(), e.getMessage());
      return status;
    }
  }

  @Override
  public ContainerSpec spec() {
    return spec;
  }

  @Override
  public RunningProcess exec(ProcessSpec process, ContainerIo io) throws IOException {
    state.readLock().lock();
    try (Fd handle = first.handle().orElseThrow(this::notRunning)) {
      if (released) {
        throw notRunning();
      }
      if (paused) {
        // The new process would join frozen, and its maker would stand still with it.
        throw new IOException(
            "container " + spec.id() + " is paused, unpause the container before exec");
      }
      return containers.exec(this, handle, process, io);
    } finally {
      state.readLock().unlock();
    }
  }

  private IOException notRunning() {
    return new IOException("container " + spec.id() + " is not running");
  }

  @Override
  public void killAll() throws IOException {
    cgroup.kill();
    first.signal(ProcessCalls.SIGKILL);
  }

  @Override
  public void setPaused(boolean value) throws IOException {
    state.writeLock().lock();
    try {
      if (released || first.exit().isDone()) {
        throw notRunning();
      }
      cgroup.setFrozen(value);
      paused = value;
    } finally {
      state.writeLock().unlock();
    }
  }

  @Override
  public Cgroup cgroup() {
    return cgroup;
  }

  @Override
  public Fd rootfs() {
    return root.mount();
  }

  Optional<Fd> devpts() {
    return devpts;
  }

  @Override
  public int pid() {
    return first.pid();
  }

  @Override
  public OutputStream stdin() {
    return first.stdin();
  }

  @Override
  public CompletableFuture<ExitStatus> exit() {
    return first.exit();
  }

  @Override
  public ExitStatus waitFor() throws InterruptedException {
    return first.waitFor();
  }

  @Override
  public boolean signal(int signal) throws IOException {
    return first.signal(signal);
  }

  @Override
  public void resize(TerminalSize size) throws IOException {
    first.resize(size);
  }

  @Override
  public void close() throws IOException {
    if (!first.exit().isDone()) {
      killAll();
      first.exit().join();
    }
    state.writeLock().lock();
    try {
      release();
    } finally {
      state.writeLock().unlock();
    }
  }

  private void release() throws IOException {
    if (released) {
      return;
    }
    released = true;
    try {
      first.close();
      cgroup.close();
    } finally {
      devpts.ifPresent(Fd::close);
      root.close();
      containers.forget(this);
      if (kept.isPresent()) {
        kept.get().close();
      }
    }
  }
}
