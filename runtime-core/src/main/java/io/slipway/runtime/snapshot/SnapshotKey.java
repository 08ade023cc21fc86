package io.slipway.runtime.snapshot;

import io.slipway.image.model.ChainId;
import java.util.regex.Pattern;

/**
 * The name of a snapshot, chosen by whoever prepares or commits it and unique in a snapshotter.
 * Convention: {@code kind/rest}, as in {@code step/sha256:…} or {@code container/5f2c…}.
 *
 * @param value 1 to 200 letters, digits and {@code . _ : / + -}; starts with a letter or digit
 */
public record SnapshotKey(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/+-]{0,199}");

  public SnapshotKey {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a snapshot key: " + value);
    }
  }

  /** The key under which an unpacked layer chain is committed. */
  public static SnapshotKey of(ChainId chain) {
    return new SnapshotKey("chain/" + chain.digest());
  }

  @Override
  public String toString() {
    return value;
  }
}
