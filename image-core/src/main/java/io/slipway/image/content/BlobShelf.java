package io.slipway.image.content;

import io.slipway.image.model.Digest;
import java.io.IOException;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * Blobs that are no longer in the store but not given up yet. Taking is quick whatever the size, so
 * it can be done under a lock; giving up is done later, a few at a time.
 */
public interface BlobShelf {

  /**
   * Takes a blob out of the store, whether or not it is intact; false when there was none. Open
   * readers keep reading. A blob of the same digest that lay here before is given up.
   */
  boolean take(Digest digest) throws IOException;

  /** What lies here, in no order; {@code committed} is when it was taken. Close the stream. */
  Stream<BlobInfo> list() throws IOException;

  /** Gives up at most {@code limit} of the blobs that were taken before {@code before}. */
  Discarded discard(Instant before, int limit) throws IOException;

  /** What was given up; {@code bytes} are free now. */
  record Discarded(long blobs, long bytes) {}
}
