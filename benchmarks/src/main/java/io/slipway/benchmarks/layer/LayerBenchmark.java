package io.slipway.benchmarks.layer;

import io.slipway.image.codec.DigestingOutputStream;
import io.slipway.runtime.layer.ApplyOptions;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.LayerApplier;
import io.slipway.runtime.layer.LayerWriter;
import io.slipway.runtime.layer.WriterOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Unpacking and writing a layer beside GNU tar, alternating in one run: {@code LayerBenchmark
 * ARCHIVE.tar WORK-DIRECTORY [ROUNDS]}. Directories are removed only at the end, since ext4 avoids
 * recently freed inodes and slows every tool after a removal.
 */
public final class LayerBenchmark {
  private static final int DEFAULT_ROUNDS = 7;

  private final Path archive;
  private final Path work;
  private final List<Double> gnuUnpack = new ArrayList<>();
  private final List<Double> ourUnpack = new ArrayList<>();
  private final List<Double> gnuWrite = new ArrayList<>();
  private final List<Double> ourWrite = new ArrayList<>();
  private final List<Double> ourDigest = new ArrayList<>();

  private LayerBenchmark(Path archive, Path work) {
    this.archive = archive;
    this.work = work;
  }

  public static void main(String[] args) throws Exception {
    if (args.length < 2) {
      System.err.println("usage: LayerBenchmark ARCHIVE.tar WORK-DIRECTORY [ROUNDS]");
      System.exit(2);
    }
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : DEFAULT_ROUNDS;
    Path work = Files.createTempDirectory(Path.of(args[1]), "layer-benchmark");
    LayerBenchmark benchmark = new LayerBenchmark(Path.of(args[0]).toAbsolutePath(), work);
    try {
      for (int i = 0; i < rounds; i++) {
        benchmark.round(i);
      }
      benchmark.report();
    } finally {
      try (Dir parent = Dir.open(work.getParent())) {
        parent.remove(work.getFileName().toString());
      }
    }
  }

  private interface Task {
    void run() throws Exception;
  }

  private static double seconds(Task task) throws Exception {
    long start = System.nanoTime();
    task.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private void round(int number) throws Exception {
    Path theirs = Files.createDirectory(work.resolve("tar" + number));
    Path ours = Files.createDirectory(work.resolve("ours" + number));
    gnuUnpack.add(
        seconds(() ->
            command(
                "tar", "-xpf", archive.toString(), "--numeric-owner", "-C", theirs.toString())));
    ourUnpack.add(seconds(() -> unpack(ours)));
    gnuWrite.add(
        seconds(() ->
            command("sh", "-c", "tar --sort=name -C '" + theirs + "' -cf - . | cat >/dev/null")));
    ourWrite.add(seconds(() -> write(ours, OutputStream.nullOutputStream())));
    ourDigest.add(
        seconds(() -> write(ours, new DigestingOutputStream(OutputStream.nullOutputStream()))));
  }

  private void unpack(Path into) throws IOException {
    try (InputStream in = Files.newInputStream(archive)) {
      new LayerApplier(ApplyOptions.LAYER).apply(in, into, Optional.empty());
    }
  }

  private static void write(Path tree, OutputStream out) throws IOException {
    new LayerWriter(WriterOptions.PLAIN).write(tree, Optional.empty(), out);
  }

  private static void command(String... words) throws Exception {
    int code = new ProcessBuilder(words).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IOException(String.join(" ", words) + " exited with " + code);
    }
  }

  private void report() throws IOException {
    double megabytes = Files.size(archive) / 1e6;
    System.out.printf(
        Locale.ROOT, "%s: %.0f MB, %d rounds%n", archive, megabytes, gnuUnpack.size());
    line("unpack, GNU tar", gnuUnpack, gnuUnpack, megabytes);
    line("unpack, ours", ourUnpack, gnuUnpack, megabytes);
    line("write, GNU tar", gnuWrite, gnuWrite, megabytes);
    line("write, ours", ourWrite, gnuWrite, megabytes);
    line("write + sha256, ours", ourDigest, gnuWrite, megabytes);
  }

  private static void line(String what, List<Double> times, List<Double> peer, double megabytes) {
    System.out.printf(
        Locale.ROOT,
        "%-22s median %.3f s (best %.3f), %5.0f MB/s, %.2f x GNU tar (best %.2f)%n",
        what,
        median(times),
        Collections.min(times),
        megabytes / median(times),
        median(times) / median(peer),
        Collections.min(times) / Collections.min(peer));
  }

  private static double median(List<Double> times) {
    List<Double> sorted = new ArrayList<>(times);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
