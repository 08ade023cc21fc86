package io.slipway.builder;

import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.progress.StepId;
import io.slipway.image.remote.TransferEvent;
import io.slipway.image.remote.TransferListener;
import io.slipway.image.remote.TransferState;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Tells how far an export has come, ten times a second at most for each thing it sends. */
final class ExportProgress implements TransferListener {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final BuildListener listener;
  private final StepId step;
  private final Map<String, Long> told = new HashMap<>();

  ExportProgress(BuildListener listener, StepId step) {
    this.listener = listener;
    this.step = step;
  }

  @Override
  public void on(TransferEvent event) {
    if (event.state() == TransferState.PUSHING) {
      OptionalLong total =
          event.total() > 0 ? OptionalLong.of(event.total()) : OptionalLong.empty();
      boolean last = event.total() > 0 && event.current() >= event.total();
      reached("layer " + event.layer().shortHex(), event.current(), total, last);
    }
  }

  /** Counts what is written. */
  OutputStream counting(OutputStream out, String item) {
    return new Counter(out, item);
  }

  private synchronized void reached(String item, long bytes, OptionalLong total, boolean always) {
    long now = System.nanoTime();
    Long before = told.get(item);
    if (always || before == null || now - before >= PAUSE_NANOS) {
      told.put(item, now);
      listener.on(new BuildEvent.Progress(Instant.now(), step, item, bytes, total));
    }
  }

  private final class Counter extends FilterOutputStream {
    private final String item;
    private long bytes;

    Counter(OutputStream out, String item) {
      super(out);
      this.item = item;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      reached(item, ++bytes, OptionalLong.empty(), false);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      out.write(source, offset, length);
      bytes += length;
      reached(item, bytes, OptionalLong.empty(), false);
    }

    @Override
    public void flush() throws IOException {
      super.flush();
      reached(item, bytes, OptionalLong.of(bytes), true);
    }
  }
}
