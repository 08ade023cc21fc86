package io.slipway.runtime.network;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Keeps a few network namespaces ready, so that a starting container need not wait for one. */
final class NetworkNamespaces implements AutoCloseable {
  /** Refilling waits a little, so that it does not compete with the container just started. */
  private static final long REFILL_DELAY_MILLIS = 15;

  /** How one is made. */
  @FunctionalInterface
  interface Maker {
    NetworkNamespace make() throws IOException;
  }

  private final int warm;
  private final Maker maker;
  private final Deque<NetworkNamespace> ready = new ArrayDeque<>();

  /** How many are ready or being made. */
  private int promised;

  /** Threads that are making one. */
  private int making;

  private boolean closed;

  /**
   * Starts to fill.
   *
   * @param warm how many are kept ready; 0 makes each when it is asked for
   */
  NetworkNamespaces(int warm, Maker maker) {
    this.warm = warm;
    this.maker = maker;
    refill();
  }

  /** A namespace that nobody else has; the caller closes it. */
  NetworkNamespace take() throws IOException {
    NetworkNamespace prepared;
    synchronized (this) {
      prepared = ready.poll();
      if (prepared != null) {
        promised--;
      }
    }
    refill();
    return prepared != null ? prepared : maker.make();
  }

  private synchronized void refill() {
    while (!closed && promised < warm) {
      promised++;
      making++;
      Thread.ofVirtual().name("slipway-netns-refill").start(this::makeReady);
    }
  }

  private void makeReady() {
    NetworkNamespace made = null;
    try {
      Thread.sleep(REFILL_DELAY_MILLIS);
      made = isClosed() ? null : maker.make();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // The next container makes its own and reports why that fails.
      made = null;
    }
    keep(made);
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void keep(NetworkNamespace made) {
    making--;
    notifyAll();
    if (made == null) {
      promised--;
    } else if (closed) {
      made.close();
    } else {
      ready.add(made);
    }
  }

  /** Ends when nobody is making one any more: no thread is then away from the host's network. */
  @Override
  public synchronized void close() {
    closed = true;
    boolean interrupted = false;
    while (making > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    ready.forEach(NetworkNamespace::close);
    ready.clear();
  }
}
