package io.slipway.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.spec.ContainerDefaults;
import io.slipway.runtime.spec.Resources;
import io.slipway.runtime.spec.Resources.DeviceRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real cgroups of this machine, below a parent of the test's own. */
class CgroupIT {
  private static final Resources DEVICES =
      Resources.UNLIMITED.withDevices(ContainerDefaults.deviceRules());

  private final String parent = "slipway-it-" + ProcessHandle.current().pid();
  private final Hierarchies hierarchies = detect();
  private final List<Process> processes = new ArrayList<>();
  private final KernelCgroupDriver driver = new KernelCgroupDriver(hierarchies, parent);

  private static Hierarchies detect() {
    try {
      return Hierarchies.detect();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    driver.removeLeftovers(Set.of());
    assertThat(directories()).isEmpty();
  }

  /** Stop, restart and removal look for processes while the kernel takes the cgroup away. */
  @Test
  void aCgroupThatComesAndGoesHasNoProcesses() throws Exception {
    driver.create(Optional.empty(), "flicker", Resources.UNLIMITED);
    Path cgroup =
        directories().stream().filter(path -> path.endsWith("flicker")).findFirst().orElseThrow();
    AtomicBoolean done = new AtomicBoolean();
    Thread flicker =
        Thread.ofPlatform()
            .start(() -> {
              while (!done.get()) {
                cgroup.toFile().delete();
                cgroup.toFile().mkdir();
              }
            });
    try {
      for (int i = 0; i < 5000; i++) {
        assertThat(CgroupTree.pids(cgroup)).isEmpty();
      }
    } finally {
      done.set(true);
      flicker.join();
    }
  }

  /** The first containers of a daemon may start at once, while their parent is being made. */
  @Test
  void everyOneOfManyAtOnceTakesAProcess() throws Exception {
    for (int round = 0; round < 5; round++) {
      List<Cgroup> cgroups = new CopyOnWriteArrayList<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
        for (int i = 0; i < 8; i++) {
          String id = "many" + i;
          threads.submit(
              () -> cgroups.add(driver.create(Optional.empty(), id, Resources.UNLIMITED)));
        }
      }
      assertThat(cgroups).hasSize(8);
      for (Cgroup cgroup : cgroups) {
        run(cgroup, "true").waitFor();
        cgroup.close();
      }
      driver.removeParent();
    }
  }

  private List<Path> directories() throws IOException {
    List<Path> found = new ArrayList<>();
    for (Hierarchy hierarchy : hierarchies.all()) {
      CgroupTree.below(hierarchy.mountPoint()).stream()
          .filter(p -> p.toString().contains(parent))
          .forEach(found::add);
    }
    return found;
  }

  /** Starts a shell that waits for a line, puts it into the cgroup, and lets it go. */
  private Process run(Cgroup cgroup, String script) throws IOException {
    Process process =
        new ProcessBuilder("sh", "-c", "read go; " + script).redirectErrorStream(true).start();
    processes.add(process);
    join(cgroup, process.pid());
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    return process;
  }

  private static void join(Cgroup cgroup, long pid) throws IOException {
    byte[] number = Long.toString(pid).getBytes(StandardCharsets.US_ASCII);
    try (CgroupPlacement placement = cgroup.placement()) {
      for (Fd file : placement.processFiles()) {
        FileCalls.writeFully(file, number);
      }
      if (placement.directory().isPresent()) {
        Files.write(placement.directory().get().path().resolve("cgroup.procs"), number);
      }
    }
  }

  private static String output(Process process) throws Exception {
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return text;
  }

  private static void assertEnds(Process process) throws InterruptedException {
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).as("the process ends").isTrue();
    assertThat(process.exitValue()).isEqualTo(128 + 9);
  }

  @Test
  void aProcessSeesItselfInEveryHierarchy() throws Exception {
    try (Cgroup cgroup = driver.create(Optional.empty(), "one", DEVICES)) {
      String seen = output(run(cgroup, "cat /proc/self/cgroup"));
      for (String line : seen.lines().toList()) {
        assertThat(line).endsWith("/" + parent + "/one");
      }
      assertThat(seen.lines().count()).isEqualTo(hierarchies.all().size());
      assertThat(cgroup.path()).isEqualTo("/" + parent + "/one");
    }
    driver.removeParent();
    assertThat(directories()).isEmpty();
  }

  @Test
  void onlyTheListedDevicesOpen() throws Exception {
    try (Cgroup cgroup = driver.create(Optional.empty(), "dev", DEVICES)) {
      String seen =
          output(run(cgroup, "cat /dev/null && echo null; head -c1 /dev/kmsg || echo no"));
      assertThat(seen).contains("null").contains("Operation not permitted").contains("no");
    }
  }

  @Test
  void pidsAreLimitedAndCounted() throws Exception {
    Resources three = Resources.UNLIMITED.withPids(OptionalLong.of(3));
    try (Cgroup cgroup = driver.create(Optional.empty(), "pids", three)) {
      String sleep = "sleep 60 >/dev/null 2>&1 & ";
      Process shell = run(cgroup, sleep + sleep + sleep + "wait");
      assertThat(output(shell)).contains("Cannot fork");
      cgroup.kill();
      // No fork: the killed ones count until init has reaped them.
      Process waiting = run(cgroup, "exec sleep 60");
      CgroupStats stats = cgroup.stats();
      assertThat(stats.pids().limit()).isEqualTo(3);
      assertThat(stats.memory().usageBytes()).isPositive();
      assertThat(cgroup.pids()).contains((int) waiting.pid());
      cgroup.kill();
      assertEnds(waiting);
    }
  }

  @Test
  void freezesAndKillsWhatIsFrozen() throws Exception {
    try (Cgroup cgroup = driver.create(Optional.empty(), "ice", Resources.UNLIMITED)) {
      Process process = run(cgroup, "while true; do :; done");
      cgroup.setFrozen(true);
      assertThat(cpuNanosWithin(cgroup, 50)).isZero();
      cgroup.setFrozen(false);
      assertThat(cpuNanosWithin(cgroup, 50)).isPositive();
      cgroup.setFrozen(true);
      cgroup.kill();
      assertEnds(process);
    }
  }

  private static long cpuNanosWithin(Cgroup cgroup, int millis) throws Exception {
    long before = cgroup.stats().cpu().totalNanos();
    Thread.sleep(millis);
    return cgroup.stats().cpu().totalNanos() - before;
  }

  @Test
  void tellsWhenMemoryRunsOut() throws Exception {
    Resources small = Resources.UNLIMITED.withMemory(Resources.Memory.limit(8 << 20));
    try (Cgroup cgroup = driver.create(Optional.empty(), "oom", small);
        OomSignal signal = cgroup.oomSignal()) {
      assertThat(signal.await(Duration.ofMillis(1))).isFalse();
      Process hungry = run(cgroup, "x=a; while true; do x=$x$x; done");
      assertThat(signal.await(Duration.ofSeconds(10))).isTrue();
      assertEnds(hungry);
      assertThat(cgroup.oomKills()).isEqualTo(1);
      assertThat(cgroup.stats().memory().limitBytes()).isEqualTo(8 << 20);
    }
  }

  @Test
  void limitsCanGrowAndShrink() throws Exception {
    Resources small = Resources.UNLIMITED.withMemory(Resources.Memory.limit(16 << 20));
    try (Cgroup cgroup = driver.create(Optional.empty(), "upd", small)) {
      cgroup.update(Resources.UNLIMITED.withMemory(Resources.Memory.limit(256 << 20)));
      assertThat(cgroup.stats().memory().limitBytes()).isEqualTo(256 << 20);
      cgroup.update(Resources.UNLIMITED.withMemory(Resources.Memory.limit(32 << 20)));
      assertThat(cgroup.stats().memory().limitBytes()).isEqualTo(32 << 20);
    }
  }

  @Test
  void anImpossibleLimitIsTheUsersMistakeAndLeavesNothing() throws Exception {
    Resources.Cpu cpu =
        new Resources.Cpu(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.of("4000"),
            Optional.empty());
    assertThatThrownBy(
            () -> driver.create(Optional.empty(), "bad", Resources.UNLIMITED.withCpu(cpu)))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID))
        .hasMessageContaining("cpuset cpus to 4000");
    driver.removeParent();
    assertThat(directories()).isEmpty();
  }

  @Test
  void aSecondOneOfTheSameNameIsRefusedAndTheFirstStays() throws Exception {
    try (Cgroup cgroup = driver.create(Optional.empty(), "twin", Resources.UNLIMITED)) {
      assertThatThrownBy(() -> driver.create(Optional.empty(), "twin", Resources.UNLIMITED))
          .hasMessageContaining("exists already");
      assertThat(output(run(cgroup, "echo fine"))).isEqualTo("fine\n");
    }
  }

  @Test
  void aCrashedDaemonsContainersAreKilledAndRemoved() throws Exception {
    Cgroup left = driver.create(Optional.empty(), "left", DEVICES);
    Process orphan = run(left, "sleep 60 & sleep 60");
    left.setFrozen(true);
    assertThat(new KernelCgroupDriver(hierarchies, parent).removeLeftovers(Set.of()))
        .containsExactly("left");
    assertEnds(orphan);
    assertThat(directories()).isEmpty();
  }

  /** A daemon was killed while it removed an ended container's: in one hierarchy after another. */
  @Test
  void whatIsLeftOfAnEndedOneIsTakenOverAndRemoved() throws Exception {
    driver.create(Optional.empty(), "half", Resources.UNLIMITED);
    List<Path> all = directories().stream().filter(path -> path.endsWith("half")).toList();
    for (Path path : all.subList(0, all.size() / 2)) {
      Files.delete(path);
    }
    try (Cgroup left =
        new KernelCgroupDriver(hierarchies, parent).adopt(Optional.empty(), "half")) {
      assertThat(left.pids()).isEmpty();
      assertThat(left.oomKills()).isZero();
    }
    assertThat(directories()).noneMatch(path -> path.endsWith("half"));
    try (Cgroup none = driver.adopt(Optional.empty(), "half")) {
      assertThat(none.pids()).isEmpty();
    }
  }

  @Test
  void aParentGivenByTheUser() throws Exception {
    String own = "/" + parent + "/deep";
    try (Cgroup cgroup = driver.create(Optional.of(own), "c", Resources.UNLIMITED)) {
      String seen = output(run(cgroup, "cat /proc/self/cgroup"));
      assertThat(seen.lines()).allMatch(line -> line.endsWith(":" + own + "/c"));
    }
  }

  @Test
  void versionTwoAloneKillsFreezesAndFiltersDevices() throws Exception {
    List<Hierarchy> unified =
        hierarchies.all().stream().filter(h -> h.version() == CgroupVersion.V2).toList();
    KernelCgroupDriver pure = new KernelCgroupDriver(new Hierarchies(unified), parent);
    assertThat(pure.mode()).isEqualTo(CgroupMode.V2);
    List<DeviceRule> rules = ContainerDefaults.deviceRules();
    try (Cgroup cgroup =
        pure.create(Optional.empty(), "v2", Resources.UNLIMITED.withDevices(rules))) {
      String seen =
          output(run(cgroup, "cat /dev/null && echo null; head -c1 /dev/kmsg || echo no"));
      assertThat(seen).contains("null").contains("Operation not permitted").contains("no");
      Process process = run(cgroup, "sleep 60");
      cgroup.setFrozen(true);
      cgroup.kill();
      assertEnds(process);
    }
  }
}
