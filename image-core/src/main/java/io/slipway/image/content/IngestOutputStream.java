package io.slipway.image.content;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Appends to a blob on its way in; closing it does not end the ingest. */
public final class IngestOutputStream extends OutputStream {
  private final Ingest ingest;

  public IngestOutputStream(Ingest ingest) {
    this.ingest = ingest;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ingest.append(ByteBuffer.wrap(bytes, offset, length));
  }
}
