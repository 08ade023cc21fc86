package io.slipway.engine.container;

import io.slipway.runtime.container.ContainerIo;
import io.slipway.runtime.container.RunningProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A container's standard streams across its runs: output goes to the log and to everybody attached,
 * input comes from whoever is attached. Clients attach before the start; they are let go when the
 * run has ended and all its output was passed on.
 *
 * <p>Output is written by the threads that read the process's pipes, so a client that does not read
 * in the end stops the process, as with Docker; one that is gone is dropped at its first failed
 * write.
 */
final class ContainerStreams {
  private static final System.Logger LOG = System.getLogger("io.slipway.engine.container");

  private final String id;
  private final ContainerLog log;
  private final boolean logged;
  private final boolean closeInputOnce;
  private final List<Client> clients = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private RunningProcess process;
  private int runs;

  ContainerStreams(String id, ContainerLog log, boolean logged, boolean closeInputOnce) {
    this.id = id;
    this.log = log;
    this.logged = logged;
    this.closeInputOnce = closeInputOnce;
  }

  /** For the process about to start. */
  ContainerIo io(boolean openStdin) throws IOException {
    if (logged) {
      log.open();
    }
    return new ContainerIo(
        openStdin ? new ContainerIo.Input.Pipe() : new ContainerIo.Input.Empty(),
        new ContainerIo.Output.Kept(new Sink(OutputStreamKind.STDOUT)),
        new ContainerIo.Output.Kept(new Sink(OutputStreamKind.STDERR)));
  }

  /** The process runs: input that waits may flow. */
  void started(RunningProcess running) {
    lock.lock();
    try {
      process = running;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The run has ended, or never began, and no output comes any more: lets everybody go. */
  void ended() {
    try {
      log.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "log of container " + id + " is incomplete: " + e);
    }
    lock.lock();
    try {
      process = null;
      runs++;
      clients.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A client that gets output from now on until it is closed or the run ends. */
  Client attach(boolean stdout, boolean stderr, StreamFrames frames) {
    Client client = new Client(stdout, stderr, frames);
    lock.lock();
    try {
      client.run = runs;
      clients.add(client);
    } finally {
      lock.unlock();
    }
    return client;
  }

  /** Somebody attached. */
  final class Client implements AutoCloseable {
    private final boolean stdout;
    private final boolean stderr;
    private final StreamFrames frames;
    private int run;
    private boolean closed;
    private boolean detached;

    private Client(boolean stdout, boolean stderr, StreamFrames frames) {
      this.stdout = stdout;
      this.stderr = stderr;
      this.frames = frames;
    }

    /** Returns when the run has ended or the client was closed. */
    void awaitEnd() throws InterruptedException {
      lock.lock();
      try {
        while (!closed && run == runs) {
          changed.await();
        }
      } finally {
        lock.unlock();
      }
    }

    /**
     * Copies the client's input to the process once there is one, and ends the process's input with
     * it if the container wants that. On a platform thread: a full pipe blocks it in the kernel.
     */
    void copyInput(InputStream in, DetachWish detach) {
      Thread.ofPlatform().daemon().name("stdin " + id).start(() -> copy(in, detach));
    }

    /** Whether it was its own input that closed it. */
    boolean isDetached() {
      lock.lock();
      try {
        return detached;
      } finally {
        lock.unlock();
      }
    }

    private void detach() {
      lock.lock();
      try {
        detached = true;
      } finally {
        lock.unlock();
      }
      close();
    }

    private void copy(InputStream in, DetachWish detach) {
      try {
        RunningProcess target = awaitProcess();
        if (target == null) {
          return;
        }
        OutputStream stdin = target.stdin();
        if (detach.copy(in, stdin)) {
          detach();
        } else if (closeInputOnce) {
          stdin.close();
        }
      } catch (IOException e) {
        // the process or the client has gone, which ends its input anyway
        LOG.log(System.Logger.Level.DEBUG, () -> "input of " + id + " ended: " + e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private RunningProcess awaitProcess() throws InterruptedException {
      lock.lock();
      try {
        while (process == null && !closed && run == runs) {
          changed.await();
        }
        return closed || run != runs ? null : process;
      } finally {
        lock.unlock();
      }
    }

    private void send(OutputStreamKind stream, byte[] bytes, int offset, int length) {
      if (stream == OutputStreamKind.STDOUT ? stdout : stderr) {
        try {
          frames.write(stream, bytes, offset, length);
        } catch (IOException e) {
          close();
        }
      }
    }

    /** The client is gone or wants no more. */
    @Override
    public void close() {
      clients.remove(this);
      lock.lock();
      try {
        closed = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** One of the process's outputs. */
  private final class Sink extends OutputStream {
    private final OutputStreamKind stream;
    private boolean logFailed;

    Sink(OutputStreamKind stream) {
      this.stream = stream;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    /**
     * The log comes last: what it has taken leaves the pipe at once, also if a client holds this up
     * and the daemon is killed.
     */
    @Override
    public void write(byte[] bytes, int offset, int length) {
      for (Client client : clients) {
        client.send(stream, bytes, offset, length);
      }
      try {
        log.write(stream, bytes, offset, length);
      } catch (IOException e) {
        if (!logFailed) {
          // once: a full disk must not stop the container, nor fill the daemon's own log
          logFailed = true;
          LOG.log(System.Logger.Level.ERROR, "log of container " + id + " is incomplete: " + e);
        }
      }
    }
  }
}
