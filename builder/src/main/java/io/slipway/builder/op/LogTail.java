package io.slipway.builder.op;

import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.solver.StepOutput;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Passes a command's output on and keeps the end of it for the message of a failure. */
final class LogTail {
  private static final int KEPT_BYTES = 16 << 10;
  private static final int KEPT_LINES = 20;

  private final StepOutput output;
  private byte[] tail = new byte[0];

  LogTail(StepOutput output) {
    this.output = output;
  }

  OutputStream stream(BuildEvent.Stream stream) {
    return new OutputStream() {
      @Override
      public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] buffer, int offset, int length) {
        keep(buffer, offset, length);
        output.log(stream, buffer, offset, length);
      }
    };
  }

  private synchronized void keep(byte[] buffer, int offset, int length) {
    byte[] all = Arrays.copyOf(tail, tail.length + length);
    System.arraycopy(buffer, offset, all, tail.length, length);
    int start = Math.max(0, all.length - KEPT_BYTES);
    tail = start == 0 ? all : Arrays.copyOfRange(all, start, all.length);
  }

  /** The last lines of both streams, in the order they came. */
  synchronized String text() {
    var lines = new String(tail, StandardCharsets.UTF_8).lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - KEPT_LINES), lines.size()));
  }
}
