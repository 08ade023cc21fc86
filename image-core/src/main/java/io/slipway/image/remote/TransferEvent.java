package io.slipway.image.remote;

import io.slipway.image.model.Digest;
import java.util.Objects;

/**
 * One step of one layer. {@code layer} is the blob's digest in a pull and the DiffID in a push:
 * what docker shows the beginning of. {@code current} and {@code total} are bytes in DOWNLOADING,
 * EXTRACTING and PUSHING, zero otherwise; {@code total} is zero when unknown. {@code detail} is the
 * source repository of MOUNTED, the seconds of RETRYING, else empty.
 */
public record TransferEvent(
    Digest layer, TransferState state, long current, long total, String detail) {
  public TransferEvent {
    Objects.requireNonNull(layer, "layer");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(detail, "detail");
  }

  public TransferEvent(Digest layer, TransferState state) {
    this(layer, state, 0, 0, "");
  }

  /** Docker's text for the line: the state, and the detail where there is one. */
  public String text() {
    return detail.isEmpty() ? state.text() : state.text() + " " + detail;
  }
}
