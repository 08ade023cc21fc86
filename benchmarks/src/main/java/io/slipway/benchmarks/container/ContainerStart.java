package io.slipway.benchmarks.container;

import io.slipway.runtime.cgroup.KernelCgroupDriver;
import io.slipway.runtime.container.ContainerIo;
import io.slipway.runtime.container.ContainerIo.Input;
import io.slipway.runtime.container.ContainerIo.Output;
import io.slipway.runtime.container.Containers;
import io.slipway.runtime.container.KernelContainers;
import io.slipway.runtime.container.RootFilesystem;
import io.slipway.runtime.container.RunningContainer;
import io.slipway.runtime.linux.OverlayMount;
import io.slipway.runtime.spec.ContainerDefaults;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.Namespaces;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Time from request to exit of {@code /bin/true} with everything a container gets: overlay, all
 * namespaces, cgroups, capabilities, filter, masks. Needs root and busybox-static.
 *
 * <p>Usage: {@code ContainerStart FOLDER [STARTS]}; prints milliseconds at the 10th, 50th and 90th
 * percentile.
 */
public final class ContainerStart {
  private static final int WARM_UP = Integer.getInteger("warm", 300);

  private final Containers containers;
  private final Path folder;
  private final Path root;
  private int number;

  private ContainerStart(Containers containers, Path folder, Path root) {
    this.containers = containers;
    this.folder = folder;
    this.root = root;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Files.createDirectories(Path.of(args[0])).toAbsolutePath();
    int starts = args.length > 1 ? Integer.parseInt(args[1]) : 500;
    KernelCgroupDriver cgroups =
        KernelCgroupDriver.open("slipway-bench-" + ProcessHandle.current().pid());
    try (Containers containers = KernelContainers.open(cgroups, folder.resolve("empty"))) {
      Path root = busybox(folder.resolve("root"));
      ContainerStart benchmark = new ContainerStart(containers, folder, root);
      benchmark.measure("warm-up", WARM_UP, false);
      benchmark.measure("all namespaces", starts, false);
      benchmark.measure("host network", starts, true);
      benchmark.measureKept(starts);
      benchmark.measureExec(starts);
    }
    cgroups.removeParent();
  }

  private static Path busybox(Path root) throws IOException {
    for (String name : List.of("bin", "etc", "proc", "sys", "dev", "tmp")) {
      Files.createDirectories(root.resolve(name));
    }
    if (!Files.exists(root.resolve("bin/true"))) {
      Files.copy(Path.of("/bin/busybox"), root.resolve("bin/true"));
      Files.createLink(root.resolve("bin/sleep"), root.resolve("bin/true"));
    }
    return root;
  }

  private void measure(String name, int starts, boolean hostNetwork) throws Exception {
    double[] exits = new double[starts];
    double[] closes = new double[starts];
    for (int i = 0; i < starts; i++) {
      ContainerSpec spec = spec(hostNetwork, "/bin/true");
      RootFilesystem overlay = overlay(spec.id());
      long begin = System.nanoTime();
      RunningContainer container = containers.start(spec, overlay, ContainerIo.NONE);
      if (!container.waitFor().succeeded()) {
        throw new IOException("true failed");
      }
      exits[i] = millisSince(begin);
      begin = System.nanoTime();
      container.close();
      closes[i] = millisSince(begin);
      remove(folder.resolve(spec.id()));
    }
    print(name + ", start to exit", exits);
    print(name + ", clean-up after", closes);
  }

  /** One after the other, so that both meet the same machine. */
  private void measureKept(int starts) throws Exception {
    OutputStream nowhere = OutputStream.nullOutputStream();
    ContainerIo plain = ContainerIo.output(nowhere, nowhere);
    Output kept = new Output.Kept(nowhere);
    double[] plainMillis = new double[starts];
    double[] keptMillis = new double[starts];
    for (int i = 0; i < starts; i++) {
      plainMillis[i] = startToClose(plain);
      keptMillis[i] = startToClose(new ContainerIo(new Input.Empty(), kept, kept));
    }
    print("with pipes, start to clean-up", plainMillis);
    print("with pipes kept for the next daemon", keptMillis);
  }

  private double startToClose(ContainerIo io) throws Exception {
    ContainerSpec spec = spec(true, "/bin/true");
    RootFilesystem overlay = overlay(spec.id());
    long begin = System.nanoTime();
    try (RunningContainer container = containers.start(spec, overlay, io)) {
      container.waitFor();
    }
    double millis = millisSince(begin);
    remove(folder.resolve(spec.id()));
    return millis;
  }

  private void measureExec(int starts) throws Exception {
    ContainerSpec spec = spec(false, "/bin/sleep", "1000");
    try (RunningContainer container =
        containers.start(spec, overlay(spec.id()), ContainerIo.NONE)) {
      double[] exits = new double[starts];
      for (int i = 0; i < starts; i++) {
        long begin = System.nanoTime();
        container.exec(ContainerDefaults.process(List.of("/bin/true")), ContainerIo.NONE).waitFor();
        exits[i] = millisSince(begin);
      }
      print("exec, request to exit", exits);
    }
    remove(folder.resolve(spec.id()));
  }

  private ContainerSpec spec(boolean hostNetwork, String... args) {
    ContainerSpec spec = ContainerDefaults.container("bench" + number++, List.of(args));
    return hostNetwork
        ? spec.with(b -> b.namespaces(Namespaces.PRIVATE.withNetwork(new Namespaces.Host())))
        : spec;
  }

  private RootFilesystem overlay(String id) throws IOException {
    Path upper = Files.createDirectories(folder.resolve(id).resolve("upper"));
    Path work = Files.createDirectories(folder.resolve(id).resolve("work"));
    return new RootFilesystem.Overlay(
        new OverlayMount(List.of(root), Optional.of(new OverlayMount.Writable(upper, work, true))));
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
  }

  private static double millisSince(long begin) {
    return (System.nanoTime() - begin) / 1e6;
  }

  private static void print(String name, double[] millis) {
    double[] sorted = millis.clone();
    Arrays.sort(sorted);
    System.out.printf(
        "%-36s p10 %6.2f  median %6.2f  p90 %6.2f ms%n",
        name, at(sorted, 0.1), at(sorted, 0.5), at(sorted, 0.9));
  }

  private static double at(double[] sorted, double fraction) {
    return sorted[(int) (fraction * (sorted.length - 1))];
  }
}
