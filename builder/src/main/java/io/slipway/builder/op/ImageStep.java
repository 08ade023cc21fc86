package io.slipway.builder.op;

import io.slipway.builder.graph.Op;
import io.slipway.builder.solver.Result;
import io.slipway.image.content.Lease;
import io.slipway.image.content.VerifiedBlobs;
import io.slipway.image.model.ImageConfig;
import io.slipway.runtime.snapshot.Snapshot;
import java.io.IOException;
import java.util.Optional;

/** The tree of an image: its layers as snapshots. */
final class ImageStep {
  private final StepTools tools;
  private final Lease lease;

  ImageStep(StepTools tools, Lease lease) {
    this.tools = tools;
    this.lease = lease;
  }

  Optional<Result> find(Op.ImageSource image) {
    if (image.rootFs().isEmpty()) {
      return Optional.of(new Result.Tree(Optional.empty()));
    }
    lease.pin(image.rootFs().get());
    return tools
        .snapshotter()
        .find(image.rootFs().get())
        .map(snapshot -> new Result.Tree(Optional.of(snapshot.key())));
  }

  Result run(Op.ImageSource image) throws IOException {
    ImageConfig config =
        ImageConfig.parse(
            new VerifiedBlobs(tools.blobs())
                .read(image.imageId().orElseThrow(), ImageConfig.MAX_BYTES));
    Optional<Snapshot.Committed> top = tools.unpacker().unpack(config.rootFs(), lease);
    return new Result.Tree(top.map(Snapshot::key));
  }
}
