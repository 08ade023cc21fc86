package io.slipway.builder.export;

import java.io.IOException;
import java.io.OutputStream;

/** Where the bytes of an output go. */
public interface Sink {
  /** A stream that is there already. */
  static Sink of(OutputStream stream) {
    return new Sink() {
      @Override
      public OutputStream open() {
        return stream;
      }

      @Override
      public void done() {}
    };
  }

  /** Called once, when there is something to write; the stream is flushed, not closed. */
  OutputStream open() throws IOException, InterruptedException;

  /** All of it was written. */
  void done();
}
