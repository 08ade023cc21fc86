package io.slipway.builder.export;

import io.slipway.builder.cache.CacheIndex;
import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.cache.CacheRecord;
import io.slipway.builder.frontend.ImageDraft;
import io.slipway.builder.graph.Identity;
import io.slipway.image.model.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * When an image was first built that has no layer of its own to take the time from. Remembered, so
 * that building it again gives the same image.
 */
public final class ImageTimes {
  private static final String SLOT = "image|";

  private final CacheIndex index;

  public ImageTimes(CacheIndex index) {
    this.index = Objects.requireNonNull(index, "index");
  }

  Instant of(ImageDraft draft, List<Digest> diffIds) {
    var identity = new Identity("image", List.of(new Identity.Part("draft", draft.toString())));
    CacheKey key = CacheKey.of(identity, diffIds);
    Optional<CacheRecord> known = index.lastIn(SLOT + key);
    if (known.isPresent()) {
      return known.get().created();
    }
    // the index keeps milliseconds
    Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
    index.record(new CacheRecord(key, SLOT + key, "image", List.of(), now, Duration.ZERO));
    return now;
  }
}
