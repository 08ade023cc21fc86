package io.slipway.image.archive;

import io.slipway.image.model.Bytes;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarTime;
import io.slipway.image.tar.TarWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Set;

/** A layout as a tar stream. All times are the epoch, so that equal images give equal archives. */
final class TarTarget implements LayoutTarget {
  private static final int FILE_MODE = 0644;
  private static final int DIRECTORY_MODE = 0755;

  private final TarWriter tar;
  private final Set<String> directories = new HashSet<>();

  TarTarget(OutputStream out) {
    this.tar = new TarWriter(out);
  }

  @Override
  public void blob(String path, long size, Body body) throws IOException {
    directory(path.substring(0, path.lastIndexOf('/')));
    tar.put(TarEntry.file(path, FILE_MODE, size, TarTime.EPOCH));
    body.writeTo(new EntryOutputStream());
  }

  @Override
  public void document(String path, Bytes content) throws IOException {
    byte[] bytes = content.toArray();
    tar.put(TarEntry.file(path, FILE_MODE, bytes.length, TarTime.EPOCH));
    tar.write(bytes, 0, bytes.length);
  }

  @Override
  public void finish() throws IOException {
    tar.finish();
  }

  private void directory(String path) throws IOException {
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      directory(path.substring(0, slash));
    }
    if (directories.add(path)) {
      tar.put(TarEntry.directory(path, DIRECTORY_MODE, TarTime.EPOCH));
    }
  }

  private final class EntryOutputStream extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      tar.write(bytes, offset, length);
    }
  }
}
