package io.slipway.engine.container;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The beginning of what a health check says, on both of its outputs; the rest is dropped. */
final class HealthOutput extends OutputStream {
  private static final int LIMIT = 4096;

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private boolean cut;

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    int room = Math.min(length, LIMIT - kept.size());
    kept.write(bytes, offset, room);
    cut |= room < length;
  }

  synchronized String text() {
    String text = kept.toString(StandardCharsets.UTF_8);
    return cut ? text + "..." : text;
  }
}
