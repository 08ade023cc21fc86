package io.slipway.registry.http;

import io.slipway.image.content.Blob;
import java.nio.channels.FileChannel;
import java.util.function.Consumer;

/** What follows the headers of an answer. Whoever writes or drops the answer closes it. */
sealed interface AnswerBody extends AutoCloseable {

  /** In bytes. */
  long length();

  @Override
  default void close() throws java.io.IOException {}

  /** Nothing. */
  record None() implements AnswerBody {
    @Override
    public long length() {
      return 0;
    }
  }

  /** Content in memory, which must not be changed. */
  record InMemory(byte[] content, int offset, int count) implements AnswerBody {
    InMemory(byte[] content) {
      this(content, 0, content.length);
    }

    @Override
    public long length() {
      return count;
    }
  }

  /** A part of a local file, for sendfile. */
  record FilePart(FileChannel file, long position, long length) implements AnswerBody {
    @Override
    public void close() throws java.io.IOException {
      file.close();
    }
  }

  /** A part of a blob that is not a local file: read and written piece by piece. */
  record BlobPart(Blob blob, long position, long length) implements AnswerBody {
    @Override
    public void close() throws java.io.IOException {
      blob.close();
    }
  }

  /**
   * A whole blob that is hashed while it is sent; its last piece goes out only if the hash is
   * right. {@code verdict} is told.
   */
  record CheckedBlob(Blob blob, Consumer<Boolean> verdict) implements AnswerBody {
    @Override
    public long length() {
      return blob.size();
    }

    @Override
    public void close() throws java.io.IOException {
      blob.close();
    }
  }

  /** The length of a body that a HEAD request does not get. */
  record Withheld(long length) implements AnswerBody {}
}
