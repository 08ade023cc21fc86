package io.slipway.builder.op;

import io.slipway.builder.context.ArchiveLimits;
import io.slipway.builder.remote.Remotes;
import io.slipway.image.content.BlobStore;
import io.slipway.runtime.container.Containers;
import io.slipway.runtime.network.Networks;
import io.slipway.runtime.rootfs.RootfsUnpacker;
import io.slipway.runtime.snapshot.Snapshotter;
import java.util.Objects;

/** The parts of the daemon that steps work with. */
public record StepTools(
    Snapshotter snapshotter,
    RootfsUnpacker unpacker,
    BlobStore blobs,
    Containers containers,
    Networks networks,
    Remotes remotes,
    FailedSteps failures,
    ArchiveLimits limits) {

  public StepTools {
    Objects.requireNonNull(snapshotter, "snapshotter");
    Objects.requireNonNull(unpacker, "unpacker");
    Objects.requireNonNull(blobs, "blobs");
    Objects.requireNonNull(containers, "containers");
    Objects.requireNonNull(networks, "networks");
    Objects.requireNonNull(remotes, "remotes");
    Objects.requireNonNull(failures, "failures");
    Objects.requireNonNull(limits, "limits");
  }
}
