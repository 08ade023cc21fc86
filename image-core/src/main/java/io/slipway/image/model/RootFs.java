package io.slipway.image.model;

import java.util.ArrayList;
import java.util.List;

/** The layers of an image by the digests of their uncompressed tars, base first. */
public record RootFs(List<Digest> diffIds) {
  public static final RootFs EMPTY = new RootFs(List.of());

  public RootFs {
    diffIds = List.copyOf(diffIds);
  }

  /** With one more layer on top. */
  public RootFs with(Digest diffId) {
    List<Digest> more = new ArrayList<>(diffIds);
    more.add(diffId);
    return new RootFs(more);
  }

  /** The chain id after each layer; same size as {@link #diffIds}. */
  public List<ChainId> chain() {
    return ChainId.all(diffIds);
  }
}
