package io.slipway.registry.store;

import java.util.List;
import java.util.Objects;

/**
 * What a part of a repository holds in vain.
 *
 * @param young whether something unneeded was passed over because it was touched lately
 * @param cursor where the next page starts; empty at the end
 */
public record GarbagePage(List<BlobRecord> contents, boolean young, String cursor) {
  public GarbagePage {
    contents = List.copyOf(contents);
    Objects.requireNonNull(cursor, "cursor");
  }
}
