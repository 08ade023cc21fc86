package io.slipway.runtime.cgroup;

import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.spec.Resources;
import io.slipway.runtime.spec.Resources.Throttle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Disk traffic: weights, throttles, counters. */
final class BlockIoController implements Controller {
  private static final int MIN_WEIGHT = 10;

  static final Map<CgroupVersion, String> NAMES =
      Map.of(CgroupVersion.V1, "blkio", CgroupVersion.V2, "io");

  /** Weight files of the schedulers; only those that are compiled in exist. */
  private static final List<WeightFile> V1_WEIGHTS =
      List.of(
          new WeightFile("blkio.weight", "blkio.weight_device", false),
          new WeightFile("blkio.bfq.weight", "blkio.bfq.weight_device", false));

  private static final List<WeightFile> V2_WEIGHTS =
      List.of(
          new WeightFile("io.bfq.weight", "io.bfq.weight", false),
          new WeightFile("io.weight", "io.weight", true));

  /**
   * Where a weight is written.
   *
   * @param wide takes 1 to 10000 where Docker counts from 10 to 1000
   */
  private record WeightFile(String name, String ofDevices, boolean wide) {
    int scaled(int weight) {
      return wide ? v2Weight(weight) : weight;
    }
  }

  @Override
  public String name(CgroupVersion version) {
    return NAMES.get(version);
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
    applyWeights(dir, io, V1_WEIGHTS);
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
    applyWeights(dir, io, V2_WEIGHTS);
    for (Throttle throttle : io.throttles()) {
      String key =
          (throttle.direction() == Throttle.Direction.READ ? "r" : "w")
              + (throttle.unit() == Throttle.Unit.BYTES ? "bps" : "iops");
      // 0 is no limit for v1 and for Docker, where v2 has a word for that
      String rate = throttle.rate() == 0 ? "max" : Long.toString(throttle.rate());
      dir.limit(
          "device rate",
          "io.max",
          "%d:%d %s=%s".formatted(throttle.major(), throttle.minor(), key, rate));
    }
  }

  private static void applyWeights(
      CgroupDirectory dir, Resources.BlockIo io, List<WeightFile> files) throws IOException {
    if (io.weight().isPresent()) {
      WeightFile file = file(dir, files, WeightFile::name, "blkio weight");
      dir.limit("blkio weight", file.name(), Integer.toString(file.scaled(io.weight().getAsInt())));
    }
    for (Resources.DeviceWeight device : io.deviceWeights()) {
      String what = "blkio weight of a device";
      WeightFile file = file(dir, files, WeightFile::ofDevices, what);
      dir.limit(
          what,
          file.ofDevices(),
          "%d:%d %d".formatted(device.major(), device.minor(), file.scaled(device.weight())));
    }
  }

  private static WeightFile file(
      CgroupDirectory dir, List<WeightFile> files, Function<WeightFile, String> name, String what) {
    return files.stream()
        .filter(file -> dir.has(name.apply(file)))
        .findFirst()
        .orElseThrow(() -> SlipwayException.invalid(what + " cannot be set: this kernel has none"));
  }

  /** What this hierarchy can limit, seen in a directory that is not its root. */
  static BlockIoSupport support(CgroupDirectory dir) {
    boolean first = dir.version() == CgroupVersion.V1;
    List<WeightFile> files = first ? V1_WEIGHTS : V2_WEIGHTS;
    return new BlockIoSupport(
        files.stream().anyMatch(file -> dir.has(file.name())),
        files.stream().anyMatch(file -> dir.has(file.ofDevices())),
        dir.has(first ? "blkio.throttle.read_bps_device" : "io.max"));
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
