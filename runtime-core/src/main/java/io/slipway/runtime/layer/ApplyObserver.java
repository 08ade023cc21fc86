package io.slipway.runtime.layer;

import io.slipway.image.tar.TarEntry;
import io.slipway.runtime.linux.Fd;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Is told what an archive holds while it is applied, by who would have to read the files again
 * otherwise. What it throws ends the work.
 */
public interface ApplyObserver {
  /** Nobody. */
  ApplyObserver NONE =
      new ApplyObserver() {
        @Override
        public void entry(TarEntry entry) {}

        @Override
        public void content(ByteBuffer part) {}

        @Override
        public void file(TarEntry entry, Fd file) {}
      };

  /** The next entry, before anything is made of it. */
  void entry(TarEntry entry) throws IOException;

  /** A part of the content of the entry, which is a file; valid during the call only. */
  void content(ByteBuffer part) throws IOException;

  /** The entry's file is complete, owner, mode, attributes and time too; closed after the call. */
  void file(TarEntry entry, Fd file) throws IOException;
}
