package io.slipway.image.remote;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Breaks a download that stands still: the JDK's client waits for ever for the rest of a body. A
 * watching thread closes the stream when nothing came for the given time.
 */
public final class StallGuard extends FilterInputStream {
  private final Duration patience;
  private final Thread watch;
  private volatile long lastProgress = System.nanoTime();
  private volatile boolean stalled;

  public StallGuard(InputStream source, Duration patience) {
    super(source);
    this.patience = patience;
    this.watch = Thread.ofVirtual().name("stall-guard").start(this::watch);
  }

  private void watch() {
    try {
      while (true) {
        long idle = System.nanoTime() - lastProgress;
        long left = patience.toNanos() - idle;
        if (left <= 0) {
          stalled = true;
          in.close();
          return;
        }
        Thread.sleep(Duration.ofNanos(left));
      }
    } catch (InterruptedException e) {
      // the guarded stream was closed: nothing to watch any more
      return;
    } catch (IOException e) {
      // closing a broken stream may fail; the reader sees it broken either way
      return;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read;
    try {
      read = in.read(buffer, offset, length);
    } catch (IOException e) {
      throw stalled ? stall(e) : e;
    }
    if (read < 0 && stalled) {
      throw stall(null);
    }
    lastProgress = System.nanoTime();
    return read;
  }

  private IOException stall(IOException cause) {
    return new IOException("no data for " + patience.toSeconds() + " seconds", cause);
  }

  @Override
  public void close() throws IOException {
    watch.interrupt();
    in.close();
  }
}
