package io.slipway.runtime.container;

import io.slipway.runtime.cgroup.KernelCgroupDriver;
import io.slipway.runtime.linux.OverlayMount;
import io.slipway.runtime.spec.ContainerDefaults;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.ContainerSpecBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Starts real containers on a busybox root; needs root. */
abstract class ContainerFixture {
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static Path lower;
  private static KernelCgroupDriver cgroups;
  static KernelContainers containers;

  @TempDir static Path shared;
  @TempDir Path folder;
  Path root;

  /** What came of a finished container. */
  record Result(ExitStatus status, String out, String err) {
    int code() {
      return status.code();
    }

    List<String> lines() {
      return out.lines().toList();
    }
  }

  @BeforeAll
  static void openContainers() throws IOException {
    lower = BusyboxRoot.make(shared.resolve("busybox"));
    cgroups = KernelCgroupDriver.open("slipway-test-" + ProcessHandle.current().pid());
    containers = KernelContainers.open(cgroups, shared.resolve("empty"));
  }

  @AfterAll
  static void closeContainers() throws IOException {
    containers.close();
    cgroups.removeParent();
  }

  @BeforeEach
  void chooseRoot() {
    root = lower;
  }

  /** A condition that may throw. */
  interface Condition {
    boolean holds() throws Exception;
  }

  /** Waits up to ten seconds for something another process does. */
  static void await(Condition condition) throws Exception {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited ten seconds in vain");
      }
      Thread.sleep(5);
    }
  }

  static String freshId() {
    return "c" + NUMBERS.incrementAndGet();
  }

  RootFilesystem overlay() throws IOException {
    Path upper = Files.createDirectories(folder.resolve("upper" + NUMBERS.incrementAndGet()));
    Path work = Files.createDirectories(folder.resolve("work" + NUMBERS.incrementAndGet()));
    return new RootFilesystem.Overlay(
        new OverlayMount(List.of(root), Optional.of(new OverlayMount.Writable(upper, work, true))));
  }

  static ContainerSpec spec(String... args) {
    return ContainerDefaults.container(freshId(), List.of(args));
  }

  Result shell(String script) throws Exception {
    return shell(script, b -> b);
  }

  Result shell(String script, UnaryOperator<ContainerSpecBuilder> changes) throws Exception {
    return run(spec("sh", "-c", script).with(changes));
  }

  Result run(ContainerSpec spec) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (RunningContainer container =
        containers.start(spec, overlay(), ContainerIo.output(out, err))) {
      ExitStatus status = container.waitFor();
      return new Result(status, out.toString(), err.toString());
    }
  }
}
