package io.slipway.runtime.cgroup;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.spec.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A container's directories in all mounted hierarchies. */
final class KernelCgroup implements Cgroup {
  /** A process forks at most this often faster than it is killed; far beyond what was seen. */
  private static final int KILL_ROUNDS = 100;

  private static final long FREEZE_NANOS = 2_000_000_000L;

  /**
   * The new process has one thread, so moving that thread moves the process, but without the lock
   * over all forks that {@code cgroup.procs} takes: on a loaded machine it waits tens of
   * milliseconds for an RCU grace period (kernel 5.19 and later).
   */
  private static final String V1_JOIN = "tasks";

  private static final String KILL = "cgroup.kill";

  /** The container's directory in one hierarchy, with the controllers that act there. */
  record Branch(Hierarchy hierarchy, CgroupDirectory directory, List<Controller> controllers) {
    Branch {
      controllers = List.copyOf(controllers);
    }

    boolean has(String controller) {
      return hierarchy.controllers().contains(controller);
    }
  }

  private final String path;
  private final List<Branch> branches;

  KernelCgroup(String path, List<Branch> branches) {
    this.path = path;
    this.branches = List.copyOf(branches);
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public CgroupPlacement placement() throws IOException {
    List<Fd> files = new ArrayList<>();
    Optional<Fd> directory = Optional.empty();
    try {
      for (Branch branch : branches) {
        if (branch.directory().version() == CgroupVersion.V1) {
          files.add(branch.directory().open(V1_JOIN, OpenFlags.O_WRONLY));
        } else {
          int flags = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY;
          directory = Optional.of(branch.directory().open(".", flags));
        }
      }
      return new CgroupPlacement(files, directory);
    } catch (IOException e) {
      new CgroupPlacement(files, directory).close();
      throw e;
    }
  }

  @Override
  public void started(int pid) {
    // it has joined by itself
  }

  @Override
  public void update(Resources resources) throws IOException {
    apply(resources.withDevices(List.of()));
  }

  void apply(Resources resources) throws IOException {
    for (Branch branch : branches) {
      for (Controller controller : branch.controllers()) {
        controller.apply(branch.directory(), resources);
      }
    }
  }

  @Override
  public void setFrozen(boolean frozen) throws IOException {
    for (Branch branch : branches) {
      if (branch.has("freezer")) {
        freezeV1(branch.directory(), frozen);
        return;
      }
    }
    for (Branch branch : branches) {
      if (branch.directory().version() == CgroupVersion.V2) {
        freezeV2(branch.directory(), frozen);
        return;
      }
    }
    throw new IOException("no freezer cgroup is mounted");
  }

  private static void freezeV1(CgroupDirectory directory, boolean frozen) throws IOException {
    String wanted = frozen ? "FROZEN" : "THAWED";
    long deadline = System.nanoTime() + FREEZE_NANOS;
    while (true) {
      // Writing again helps past a fork that ran at the same time (as runc does).
      directory.write("freezer.state", wanted);
      if (directory.read("freezer.state").equals(wanted)) {
        return;
      }
      pause(directory, deadline, "freeze");
    }
  }

  private static void freezeV2(CgroupDirectory directory, boolean frozen) throws IOException {
    directory.write("cgroup.freeze", frozen ? "1" : "0");
    long deadline = System.nanoTime() + FREEZE_NANOS;
    while (directory.readTable("cgroup.events").getOrDefault("frozen", 0L) != (frozen ? 1 : 0)) {
      pause(directory, deadline, "freeze");
    }
  }

  private static void pause(CgroupDirectory directory, long deadline, String what)
      throws IOException {
    if (System.nanoTime() > deadline) {
      throw new IOException(what + " " + directory.path() + ": no answer within two seconds");
    }
    CgroupTree.sleepMillis(1);
  }

  @Override
  public void kill() throws IOException {
    for (Branch branch : branches) {
      if (branch.directory().has(KILL)) {
        branch.directory().write(KILL, "1");
      }
    }
    for (int round = 0; round < KILL_ROUNDS; round++) {
      Set<Integer> pids = everyPid();
      if (pids.isEmpty()) {
        return;
      }
      for (int pid : pids) {
        ProcessCalls.kill(pid, ProcessCalls.SIGKILL);
      }
      thawAll();
      CgroupTree.sleepMillis(1);
    }
  }

  /** A start cut short may have joined some of the hierarchies only. */
  private Set<Integer> everyPid() throws IOException {
    Set<Integer> pids = new TreeSet<>();
    for (Branch branch : branches) {
      pids.addAll(CgroupTree.pids(branch.directory().path()));
    }
    return pids;
  }

  /** A frozen v1 process dies only once it is thawed. */
  private void thawAll() throws IOException {
    for (Branch branch : branches) {
      if (branch.has("freezer")) {
        for (Path directory : CgroupTree.below(branch.directory().path())) {
          thaw(new CgroupDirectory(CgroupVersion.V1, directory));
        }
      }
    }
  }

  private static void thaw(CgroupDirectory directory) throws IOException {
    try {
      directory.write("freezer.state", "THAWED");
    } catch (IOException e) {
      // one that was removed meanwhile had no process left
      if (Files.isDirectory(directory.path())) {
        throw e;
      }
    }
  }

  @Override
  public List<CgroupView> views() {
    boolean v2Alone =
        branches.size() == 1 && branches.getFirst().directory().version() == CgroupVersion.V2;
    return branches.stream()
        .map(branch -> {
          String name = branch.hierarchy().mountPoint().getFileName().toString();
          return new CgroupView(v2Alone ? "" : name, branch.directory().path());
        })
        .toList();
  }

  @Override
  public List<Integer> pids() throws IOException {
    return branches.isEmpty() ? List.of() : CgroupTree.pids(processBranch().directory().path());
  }

  /** v2 knows every process of the container; else any v1 hierarchy does. */
  private Branch processBranch() {
    return branches.stream()
        .filter(b -> b.directory().version() == CgroupVersion.V2)
        .findFirst()
        .orElse(branches.getFirst());
  }

  @Override
  public CgroupStats stats() throws IOException {
    StatsBuilder stats = new StatsBuilder();
    for (Branch branch : branches) {
      for (Controller controller : branch.controllers()) {
        controller.measure(branch.directory(), stats);
      }
    }
    return stats.build();
  }

  @Override
  public long oomKills() throws IOException {
    Optional<CgroupDirectory> memory = memory();
    return memory.isPresent() ? MemoryController.oomKills(memory.get()) : 0;
  }

  @Override
  public OomSignal oomSignal() throws IOException {
    return OomEvents.watch(
        memory().orElseThrow(() -> new IOException("no memory cgroup is mounted")));
  }

  private Optional<CgroupDirectory> memory() {
    return branches.stream().filter(b -> b.has("memory")).map(Branch::directory).findFirst();
  }

  @Override
  public void close() throws IOException {
    List<Path> paths = branches.stream().map(b -> b.directory().path()).toList();
    // Nearly always the container has ended, and removing is all there is to do.
    if (!CgroupTree.tryRemove(paths)) {
      kill();
      CgroupTree.remove(paths);
    }
  }
}
