package io.slipway.runtime.cgroup;

import io.slipway.runtime.spec.Resources;
import io.slipway.runtime.spec.Resources.Throttle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Disk traffic: weights, throttles, counters. */
final class BlockIoController implements Controller {
  private static final int MIN_WEIGHT = 10;

  /** Weight files of the two schedulers; only the one that is compiled in exists. */
  private static final List<String> V1_WEIGHTS = List.of("blkio.weight", "blkio.bfq.weight");

  @Override
  public String name(CgroupVersion version) {
    return version == CgroupVersion.V1 ? "blkio" : "io";
  }

  @Override
  public void apply(CgroupDirectory dir, Resources resources) throws IOException {
    Resources.BlockIo io = resources.blockIo();
    switch (dir.version()) {
      case V1 -> applyV1(dir, io);
      case V2 -> applyV2(dir, io);
    }
  }

  private static void applyV1(CgroupDirectory dir, Resources.BlockIo io) throws IOException {
    for (String file : V1_WEIGHTS) {
      if (io.weight().isPresent() && dir.has(file)) {
        dir.limit("blkio weight", file, Integer.toString(io.weight().getAsInt()));
      }
      for (Resources.DeviceWeight device : io.deviceWeights()) {
        String own = file + "_device";
        if (dir.has(own)) {
          dir.limit(
              "blkio weight of a device",
              own,
              "%d:%d %d".formatted(device.major(), device.minor(), device.weight()));
        }
      }
    }
    for (Throttle throttle : io.throttles()) {
      String file =
          "blkio.throttle.%s_%s_device"
              .formatted(
                  throttle.direction().name().toLowerCase(Locale.ROOT),
                  throttle.unit() == Throttle.Unit.BYTES ? "bps" : "iops");
      dir.limit(
          "device rate",
          file,
          "%d:%d %d".formatted(throttle.major(), throttle.minor(), throttle.rate()));
    }
  }

  private static void applyV2(CgroupDirectory dir, Resources.BlockIo io) throws IOException {
    if (io.weight().isPresent()) {
      int weight = io.weight().getAsInt();
      if (dir.has("io.bfq.weight")) {
        dir.limit("blkio weight", "io.bfq.weight", Integer.toString(weight));
      } else if (dir.has("io.weight")) {
        dir.limit("blkio weight", "io.weight", Integer.toString(v2Weight(weight)));
      }
    }
    for (Throttle throttle : io.throttles()) {
      String key =
          (throttle.direction() == Throttle.Direction.READ ? "r" : "w")
              + (throttle.unit() == Throttle.Unit.BYTES ? "bps" : "iops");
      dir.limit(
          "device rate",
          "io.max",
          "%d:%d %s=%d".formatted(throttle.major(), throttle.minor(), key, throttle.rate()));
    }
  }

  /** 10..1000 on the scale 1..10000, as runc maps it. */
  static int v2Weight(int weight) {
    return 1 + (weight - MIN_WEIGHT) * 9999 / 990;
  }

  @Override
  public void measure(CgroupDirectory dir, StatsBuilder stats) throws IOException {
    stats.blockIo(dir.version() == CgroupVersion.V1 ? measureV1(dir) : measureV2(dir));
  }

  private static List<CgroupStats.BlockIo> measureV1(CgroupDirectory dir) throws IOException {
    Map<String, long[]> counters = new LinkedHashMap<>();
    collect(dir, "blkio.throttle.io_service_bytes_recursive", counters, 0);
    collect(dir, "blkio.throttle.io_serviced_recursive", counters, 1);
    List<CgroupStats.BlockIo> found = new ArrayList<>();
    counters.forEach((key, values) -> found.add(entry(key, values[0], values[1])));
    return found;
  }

  /** Lines {@code 254:0 Read 4096}; other operations overlap with these two. */
  private static void collect(
      CgroupDirectory dir, String file, Map<String, long[]> counters, int index)
      throws IOException {
    if (!dir.has(file)) {
      return;
    }
    for (String line : dir.readLines(file)) {
      String[] words = line.split(" ");
      if (words.length == 3 && (words[1].equals("Read") || words[1].equals("Write"))) {
        counters.computeIfAbsent(words[0] + ":" + words[1], k -> new long[2])[index] =
            Long.parseLong(words[2]);
      }
    }
  }

  private static List<CgroupStats.BlockIo> measureV2(CgroupDirectory dir) throws IOException {
    List<CgroupStats.BlockIo> found = new ArrayList<>();
    for (String line : dir.readLines("io.stat")) {
      String[] words = line.split(" ");
      Map<String, Long> values = new LinkedHashMap<>();
      Arrays.stream(words)
          .skip(1)
          .map(word -> word.split("="))
          .filter(pair -> pair.length == 2)
          .forEach(pair -> values.put(pair[0], Long.parseLong(pair[1])));
      found.add(
          entry(
              words[0] + ":Read",
              values.getOrDefault("rbytes", 0L),
              values.getOrDefault("rios", 0L)));
      found.add(
          entry(
              words[0] + ":Write",
              values.getOrDefault("wbytes", 0L),
              values.getOrDefault("wios", 0L)));
    }
    return found;
  }

  private static CgroupStats.BlockIo entry(String key, long bytes, long operations) {
    String[] parts = key.split(":");
    return new CgroupStats.BlockIo(
        Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2], bytes, operations);
  }
}
