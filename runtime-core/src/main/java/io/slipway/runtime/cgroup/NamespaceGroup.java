package io.slipway.runtime.cgroup;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.spec.Resources;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A container's processes where it can have no cgroup: those that see its files. They are found
 * when somebody asks; nothing limits or measures them.
 */
final class NamespaceGroup implements Cgroup {
  private static final Path PROCESSES = Path.of("/proc");

  /** As for cgroups: far more than a process can fork while it is signalled. */
  private static final int ROUNDS = 100;

  private final String path;
  private volatile Optional<Path> namespace = Optional.empty();

  NamespaceGroup(String path) {
    this.path = path;
  }

  @Override
  public void started(int pid) {
    namespace = mountNamespace(PROCESSES.resolve(Integer.toString(pid)));
  }

  /** Empty for a process that has ended. */
  private static Optional<Path> mountNamespace(Path process) {
    try {
      return Optional.of(Files.readSymbolicLink(process.resolve("ns/mnt")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<Integer> pids() throws IOException {
    List<Integer> found = new ArrayList<>();
    if (namespace.isEmpty()) {
      return found;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      for (Path process : all) {
        if (mountNamespace(process).equals(namespace)) {
          found.add(Integer.valueOf(process.getFileName().toString()));
        }
      }
    }
    return found;
  }

  @Override
  public void kill() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      List<Integer> pids = pids();
      if (pids.isEmpty()) {
        return;
      }
      for (int pid : pids) {
        ProcessCalls.kill(pid, ProcessCalls.SIGKILL);
      }
      CgroupTree.sleepMillis(1);
    }
  }

  @Override
  public CgroupPlacement placement() {
    return new CgroupPlacement(List.of(), Optional.empty());
  }

  @Override
  public void update(Resources resources) {
    // whoever asked for limits was told that there are none
  }

  /** By signals, which a process cannot refuse, though its parent can see that it stands still. */
  @Override
  public void setFrozen(boolean frozen) throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      boolean done = true;
      for (int pid : pids()) {
        if (isStopped(pid).orElse(frozen) != frozen) {
          done = false;
          ProcessCalls.kill(pid, frozen ? ProcessCalls.SIGSTOP : ProcessCalls.SIGCONT);
        }
      }
      if (done) {
        return;
      }
      CgroupTree.sleepMillis(1);
    }
    throw new IOException("container " + path + " starts processes faster than they are stopped");
  }

  /** Empty for one that has ended. */
  private static Optional<Boolean> isStopped(int pid) throws LinuxException {
    try {
      String stat = FileCalls.readText(PROCESSES.resolve(pid + "/stat"));
      char state = stat.charAt(stat.lastIndexOf(')') + 2);
      return Optional.of(state == 'T' || state == 't');
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ESRCH)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public OomSignal oomSignal() throws IOException {
    throw new IOException("no memory cgroup is mounted");
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public List<CgroupView> views() {
    return List.of();
  }

  @Override
  public CgroupStats stats() throws IOException {
    CgroupStats nothing = CgroupStats.NOTHING;
    return new CgroupStats(
        nothing.cpu(), nothing.memory(), new CgroupStats.Pids(pids().size(), 0), List.of());
  }

  @Override
  public long oomKills() {
    return 0;
  }

  @Override
  public void close() throws IOException {
    kill();
  }
}
