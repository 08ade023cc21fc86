package io.slipway.runtime.container;

import static io.slipway.runtime.process.Arg.handle;
import static io.slipway.runtime.process.Arg.number;
import static io.slipway.runtime.process.Arg.text;

import io.slipway.runtime.linux.MountFlags;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.linux.SystemCall;
import io.slipway.runtime.process.Arg;
import io.slipway.runtime.process.ProcessPrograms;
import io.slipway.runtime.process.ProcessPrograms.CloneOptions;
import io.slipway.runtime.process.ProgramBuilder;
import io.slipway.runtime.process.SyscallProgram;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.Namespaces;
import io.slipway.runtime.spec.Namespaces.Join;
import io.slipway.runtime.spec.Namespaces.Private;
import java.util.Map;
import java.util.Optional;

/**
 * Compiles a specification to the system calls that start it. Pure: the same input gives the same
 * program, which the golden tests print.
 *
 * <p>The order is a matter of security. The new root is attached and the host's root detached
 * before any path is walked that an image controls: from then on every link resolves inside the
 * container. Paths inside are opened without following {@code /proc}'s magic links, because those
 * would lead to the descriptors this half-made process still has from the daemon. The filter comes
 * last, so that a profile needs to allow nothing but {@code execve}.
 */
final class ContainerProgram {
  private final ContainerSpec spec;
  private final StartFacts facts;

  private ContainerProgram(ContainerSpec spec, StartFacts facts) {
    this.spec = spec;
    this.facts = facts;
  }

  static SyscallProgram compile(ContainerSpec spec, StartFacts facts) {
    ContainerProgram program = new ContainerProgram(spec, facts);
    Optional<String> pid =
        spec.namespaces().pid() instanceof Join ? Optional.of(joinHandle("pid")) : Optional.empty();
    CloneOptions options =
        new CloneOptions(
            program.newNamespaces(),
            pid,
            facts.cgroups().directory(),
            spec.namespaces().user().map(ignored -> StartFacts.USER_NAMESPACE));
    return ProcessPrograms.process(options, program::child);
  }

  /** Name of the handle of a namespace that is joined. */
  static String joinHandle(String kind) {
    return kind + " namespace";
  }

  private long newNamespaces() {
    Namespaces n = spec.namespaces();
    return ProcessCalls.CLONE_NEWNS
        | flag(n.uts(), ProcessCalls.CLONE_NEWUTS)
        | flag(n.ipc(), ProcessCalls.CLONE_NEWIPC)
        | flag(n.pid(), ProcessCalls.CLONE_NEWPID)
        | flag(n.network(), ProcessCalls.CLONE_NEWNET);
  }

  private static long flag(Namespaces.Mode mode, long flag) {
    return mode instanceof Private ? flag : 0;
  }

  private void child(ProgramBuilder program) {
    namespaces(program);
    ProcessSteps process = new ProcessSteps(program, spec.process(), facts);
    boolean mapped = spec.namespaces().user().isPresent();
    if (mapped) {
      process.addOfDaemon();
      becomeRoot(program);
    }
    Stdio.add(program, facts.terminal().isPresent());
    MountSteps mounts = new MountSteps(program, spec, facts);
    mounts.createViews();
    PathSteps paths = new PathSteps(program, facts.masks(), spec.readOnlyPaths());
    paths.prepare();
    enterRoot(program);
    mounts.attachAll();
    new KernelSettings(program, spec, facts.privileges()).add();
    paths.apply();
    if (spec.readOnlyRoot()) {
      program.section("read-only root");
      MountSteps.makeReadOnly(program, "make the root file system read-only", "/", false);
    }
    if (!mapped) {
      process.addOfDaemon();
    }
    process.add(true);
  }

  /** Joining the cgroups comes first: a new cgroup namespace has its root where we then are. */
  private void namespaces(ProgramBuilder program) {
    program.section("cgroups and namespaces");
    joinCgroups(program, facts.cgroups());
    Namespaces n = spec.namespaces();
    if (n.cgroup() instanceof Private) {
      program.call(
          "new cgroup namespace", SystemCall.UNSHARE, number(ProcessCalls.CLONE_NEWCGROUP));
    }
    Map<String, Namespaces.Mode> modes =
        Map.of("cgroup", n.cgroup(), "ipc", n.ipc(), "net", n.network(), "uts", n.uts());
    modes.entrySet().stream()
        .filter(e -> e.getValue() instanceof Join)
        .map(Map.Entry::getKey)
        .sorted()
        .forEach(kind ->
            program.call(
                "join " + kind + " namespace",
                SystemCall.SETNS,
                handle(joinHandle(kind)),
                number(0)));
  }

  static void joinCgroups(ProgramBuilder program, StartFacts.CgroupEntry cgroups) {
    for (String file : cgroups.processFiles()) {
      program.call("join " + file, SystemCall.WRITE, handle(file), text("0"), number(1));
    }
  }

  /**
   * The first user of the new user namespace: until now this was a user of the host that does not
   * exist in it. Where the new root is to be attached only that one may go.
   */
  private void becomeRoot(ProgramBuilder program) {
    program.section("user namespace");
    program.call("go where the root is attached", SystemCall.CHDIR, text(facts.emptyDirectory()));
    Arg root = number(0);
    program.call("leave groups of the host", SystemCall.SETGROUPS, root, root);
    program.call("become group 0", SystemCall.SETRESGID, root, root, root);
    program.call("become user 0", SystemCall.SETRESUID, root, root, root);
  }

  /** Old root out, at once after the new one is in: until then {@code /..} leads to the host. */
  private void enterRoot(ProgramBuilder program) {
    program.section("root");
    boolean there = spec.namespaces().user().isPresent();
    String empty = there ? "." : facts.emptyDirectory();
    program.call(
        "attach the root file system",
        SystemCall.MOVE_MOUNT,
        handle(StartFacts.ROOT),
        text(""),
        number(OpenFlags.AT_FDCWD),
        text(empty),
        number(MountFlags.MOVE_MOUNT_F_EMPTY_PATH));
    if (there) {
      program.call("enter the root file system", SystemCall.FCHDIR, handle(StartFacts.ROOT));
    } else {
      program.call("enter the root file system", SystemCall.CHDIR, text(empty));
    }
    Arg here = text(".");
    program.call("switch to the root file system", SystemCall.PIVOT_ROOT, here, here);
    program.call("detach the host's root", SystemCall.UMOUNT2, here, number(MountFlags.MNT_DETACH));
    program.call("enter the new root", SystemCall.CHDIR, text("/"));
  }
}
