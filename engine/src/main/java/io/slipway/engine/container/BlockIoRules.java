package io.slipway.engine.container;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.model.Json;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.cgroup.BlockIoSupport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Limits of disk traffic that this kernel knows. As in Docker, others are taken out of the request,
 * with a warning.
 */
final class BlockIoRules {
  private static final int MIN_WEIGHT = 10;
  private static final int MAX_WEIGHT = 1000;

  /** A limit by its field, and what is said if it cannot be had. */
  private record Limit(
      String field,
      Predicate<HostConfig> given,
      Predicate<BlockIoSupport> supported,
      String warning) {}

  private static final List<Limit> LIMITS =
      List.of(
          new Limit(
              "BlkioWeight",
              h -> h.blkioWeight() != 0,
              BlockIoSupport::weight,
              "Your kernel does not support Block I/O weight or the cgroup is not mounted. Weight"
                  + " discarded."),
          new Limit(
              "BlkioWeightDevice",
              h -> !h.blkioWeightDevice().isEmpty(),
              BlockIoSupport::deviceWeight,
              "Your kernel does not support Block I/O weight_device or the cgroup is not mounted."
                  + " Weight-device discarded."),
          new Limit(
              "BlkioDeviceReadBps",
              h -> !h.blkioDeviceReadBps().isEmpty(),
              BlockIoSupport::throttles,
              "Your kernel does not support BPS Block I/O read limit or the cgroup is not mounted."
                  + " Block I/O BPS read limit discarded."),
          new Limit(
              "BlkioDeviceWriteBps",
              h -> !h.blkioDeviceWriteBps().isEmpty(),
              BlockIoSupport::throttles,
              "Your kernel does not support BPS Block I/O write limit or the cgroup is not mounted."
                  + " Block I/O BPS write limit discarded."),
          new Limit(
              "BlkioDeviceReadIOps",
              h -> !h.blkioDeviceReadIops().isEmpty(),
              BlockIoSupport::throttles,
              "Your kernel does not support IOPS Block read limit or the cgroup is not mounted."
                  + " Block I/O IOPS read limit discarded."),
          new Limit(
              "BlkioDeviceWriteIOps",
              h -> !h.blkioDeviceWriteIops().isEmpty(),
              BlockIoSupport::throttles,
              "Your kernel does not support IOPS Block I/O write limit or the cgroup is not"
                  + " mounted. Block I/O IOPS write limit discarded."));

  private BlockIoRules() {}

  /** Asked only when such a limit is wished for. */
  @FunctionalInterface
  interface Support {
    BlockIoSupport look() throws IOException;
  }

  /** A request without what cannot be had, and what its client should know. */
  record Kept(HostConfig host, List<String> warnings) {}

  static Kept apply(HostConfig host, Support support) throws IOException {
    Optional<ObjectNode> changed = Optional.empty();
    List<String> warnings = new ArrayList<>();
    for (Limit limit : LIMITS) {
      if (limit.given().test(host) && !limit.supported().test(support.look())) {
        ObjectNode tree = changed.isPresent() ? changed.get() : (ObjectNode) Json.tree(host);
        tree.remove(limit.field());
        changed = Optional.of(tree);
        warnings.add(limit.warning());
      }
    }
    HostConfig kept = changed.isPresent() ? Json.convert(changed.get(), HostConfig.class) : host;
    checkWeights(kept);
    return new Kept(kept, warnings);
  }

  private static void checkWeights(HostConfig host) {
    checkWeight(host.blkioWeight());
    host.blkioWeightDevice().forEach(device -> checkWeight(device.weight()));
  }

  private static void checkWeight(int weight) {
    if (weight != 0 && (weight < MIN_WEIGHT || weight > MAX_WEIGHT)) {
      throw SlipwayException.invalid("range of blkio weight is from 10 to 1000");
    }
  }
}
