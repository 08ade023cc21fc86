package io.slipway.runtime.container;

import static io.slipway.runtime.process.Arg.handle;
import static io.slipway.runtime.process.Arg.mode;
import static io.slipway.runtime.process.Arg.number;
import static io.slipway.runtime.process.Arg.text;
import static io.slipway.runtime.process.Arg.words;

import io.slipway.runtime.container.StartFacts.MountFacts;
import io.slipway.runtime.linux.DeviceNumber;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.MountFlags;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.SystemCall;
import io.slipway.runtime.process.Arg;
import io.slipway.runtime.process.ProgramBuilder;
import io.slipway.runtime.process.ProgramBuilder.Label;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.DeviceNode;
import io.slipway.runtime.spec.MountOption;
import io.slipway.runtime.spec.MountSpec;
import io.slipway.runtime.spec.MountSpec.KernelView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The mounts and device files of a container.
 *
 * <p>Views of the kernel's state are made while the old root is still there (in a user namespace
 * the kernel would refuse them afterwards) and attached when only the new one is. Mounts outside
 * {@code /proc} and {@code /sys} are attached before those two: a link of the image that points
 * there then leads into the image's own directory, which the real one covers afterwards.
 */
final class MountSteps {
  private static final Set<String> KERNEL_DIRECTORIES = Set.of("/proc", "/sys", "/dev");
  private static final int MOVE_MOUNT_T_EMPTY_PATH = 0x40;
  private static final int DIRECTORY_MODE = 0755;
  private static final int FILE_MODE = 0644;

  private final ProgramBuilder program;
  private final ContainerSpec spec;
  private final StartFacts facts;
  private final TargetSteps targets;
  private final Map<Integer, Arg.Slot> views = new HashMap<>();

  MountSteps(ProgramBuilder program, ContainerSpec spec, StartFacts facts) {
    this.program = program;
    this.spec = spec;
    this.facts = facts;
    this.targets = new TargetSteps(program);
  }

  /** Makes the views of the kernel's state as detached mounts. */
  void createViews() {
    program.section("mounts, made");
    FreshMount.reserve(program);
    program.call(
        "make mounts private",
        SystemCall.MOUNT,
        number(0),
        text("/"),
        number(0),
        number(MountFlags.MS_REC | MountFlags.MS_PRIVATE),
        number(0));
    for (int i = 0; i < spec.mounts().size(); i++) {
      if (facts.mounts().get(i) instanceof MountFacts.Prepared) {
        continue;
      }
      MountSpec mount = spec.mounts().get(i);
      long attributes = MountOption.attributes(mount.options());
      switch (mount) {
        case MountSpec.Tmpfs tmpfs ->
            views.put(i, create("tmpfs", tmpfs.data(), attributes, tmpfs.target()));
        case KernelView view when view.kind() == KernelView.Kind.CGROUP ->
            // Read-only only once the hierarchies hang in it.
            views.put(
                i,
                create(
                    "tmpfs",
                    "mode=755",
                    attributes & ~MountFlags.MOUNT_ATTR_RDONLY,
                    view.target()));
        case KernelView view ->
            views.put(i, create(view.kind().label(), "", attributes, view.target()));
        case MountSpec.Bind bind ->
            throw new IllegalStateException("bind mount on " + bind.target() + " not prepared");
      }
    }
  }

  private Arg.Slot create(String type, String options, long attributes, String target) {
    return new FreshMount(program, "mount " + type + " on " + target)
        .create(type, options, attributes);
  }

  /** Attaches every mount and makes the device files, once the new root is the only one. */
  void attachAll() {
    program.section("mounts, attached");
    program.call("clear umask", SystemCall.UMASK, mode(0));
    List<Integer> late = new ArrayList<>();
    boolean devicesMade = false;
    for (int i = 0; i < spec.mounts().size(); i++) {
      String target = spec.mounts().get(i).target();
      if (isBelow(target, "/proc") || isBelow(target, "/sys")) {
        late.add(i);
        continue;
      }
      attach(i);
      if (target.equals("/dev")) {
        devices();
        devicesMade = true;
      }
    }
    if (!devicesMade) {
      devices();
    }
    if (facts.terminal().isPresent()) {
      console(facts.terminal().getAsInt());
    }
    late.forEach(this::attach);
  }

  static boolean isBelow(String path, String directory) {
    return path.equals(directory) || path.startsWith(directory + "/");
  }

  private void attach(int index) {
    MountSpec mount = spec.mounts().get(index);
    MountFacts fact = facts.mounts().get(index);
    String step = "mount " + describe(mount) + " on " + mount.target();
    boolean file = fact instanceof MountFacts.Prepared prepared && prepared.file();
    Arg source =
        fact instanceof MountFacts.Prepared prepared ? handle(prepared.handle()) : views.get(index);
    boolean kernelDirectory = KERNEL_DIRECTORIES.contains(mount.target());
    Arg.Slot target = targets.open(step, facts.targets().get(index), file, !kernelDirectory);
    program.call(
        step,
        SystemCall.MOVE_MOUNT,
        source,
        text(""),
        target,
        text(""),
        number(MountFlags.MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH));
    if (fact instanceof MountFacts.Collection collection) {
      attachParts(mount, collection);
    }
  }

  private static String describe(MountSpec mount) {
    return switch (mount) {
      case MountSpec.Bind bind -> bind.source().toString();
      case MountSpec.Tmpfs ignored -> "tmpfs";
      case KernelView view -> view.kind().label();
    };
  }

  private void attachParts(MountSpec mount, MountFacts.Collection collection) {
    for (MountFacts.Part part : collection.parts()) {
      String target = mount.target() + "/" + part.name();
      String step = "mount " + part.handle() + " on " + target;
      program.call(
          step, SystemCall.MKDIRAT, number(OpenFlags.AT_FDCWD), text(target), mode(DIRECTORY_MODE));
      program.call(
          step,
          SystemCall.MOVE_MOUNT,
          handle(part.handle()),
          text(""),
          number(OpenFlags.AT_FDCWD),
          text(target),
          number(MountFlags.MOVE_MOUNT_F_EMPTY_PATH));
    }
    setAttributes(
        program,
        "set options of " + mount.target(),
        mount.target(),
        true,
        MountOption.attributes(mount.options()));
  }

  static void makeReadOnly(ProgramBuilder program, String step, String path, boolean recursive) {
    setAttributes(program, step, path, recursive, MountFlags.MOUNT_ATTR_RDONLY);
  }

  private static void setAttributes(
      ProgramBuilder program, String step, String path, boolean recursive, long attributes) {
    program.call(
        step,
        SystemCall.MOUNT_SETATTR,
        number(OpenFlags.AT_FDCWD),
        text(path),
        number(recursive ? OpenFlags.AT_RECURSIVE : 0),
        words(attributes, 0, MountFlags.MS_PRIVATE, 0),
        number(32));
  }

  private void devices() {
    for (DeviceNode device : spec.devices()) {
      String step = "make device " + device.path();
      int slash = device.path().lastIndexOf('/');
      String parent = device.path().substring(0, slash);
      String name = device.path();
      if (!parent.equals("/dev")) {
        program.call(step, SystemCall.FCHDIR, targets.open(step, parent, false, true));
        name = device.path().substring(slash + 1);
      }
      node(step, name, device);
      if (!parent.equals("/dev")) {
        program.call(step, SystemCall.CHDIR, text("/"));
      }
    }
    link("/proc/self/fd", "/dev/fd");
    link("/proc/self/fd/0", "/dev/stdin");
    link("/proc/self/fd/1", "/dev/stdout");
    link("/proc/self/fd/2", "/dev/stderr");
    link("/proc/kcore", "/dev/core");
    link("pts/ptmx", "/dev/ptmx");
  }

  /** A node that is there already, as on a bound host directory, is left as it is. */
  private void node(String step, String name, DeviceNode device) {
    String bound = facts.devices().get(device.path());
    if (bound != null) {
      boundFile(step, handle(bound), name);
      return;
    }
    int type = device.type() == DeviceNode.Type.BLOCK ? FileStatus.S_IFBLK : FileStatus.S_IFCHR;
    Arg here = number(OpenFlags.AT_FDCWD);
    Label exists = new Label();
    Label made = new Label();
    ProgramBuilder.Step last =
        program
            .call(
                step,
                SystemCall.MKNODAT,
                here,
                text(name),
                mode(type | device.mode()),
                number(DeviceNumber.of(device.major(), device.minor())))
            .onError(exists);
    if (device.uid() != 0 || device.gid() != 0) {
      last =
          program.call(
              step,
              SystemCall.FCHOWNAT,
              here,
              text(name),
              number(device.uid()),
              number(device.gid()),
              number(OpenFlags.AT_SYMLINK_NOFOLLOW));
    }
    last.onSuccess(made);
    program.bind(exists);
    program.call(
        step,
        SystemCall.FACCESSAT2,
        here,
        text(name),
        number(0),
        number(OpenFlags.AT_SYMLINK_NOFOLLOW));
    program.bind(made);
  }

  private void link(String to, String path) {
    program
        .call(
            "link " + path, SystemCall.SYMLINKAT, text(to), number(OpenFlags.AT_FDCWD), text(path))
        .mayFail();
  }

  private void console(int slave) {
    String step = "mount terminal on /dev/console";
    Arg.Slot clone =
        program
            .call(
                step,
                SystemCall.OPEN_TREE,
                number(OpenFlags.AT_FDCWD),
                text("/dev/pts/" + slave),
                number(MountFlags.OPEN_TREE_CLONE | OpenFlags.O_CLOEXEC))
            .result("terminal");
    boundFile(step, clone, "/dev/console");
  }

  /** A mount of a file, on one that is made for it if there is none. */
  private void boundFile(String step, Arg mount, String name) {
    program
        .call(
            step,
            SystemCall.MKNODAT,
            number(OpenFlags.AT_FDCWD),
            text(name),
            mode(FileStatus.S_IFREG | FILE_MODE),
            number(0))
        .mayFail();
    program.call(
        step,
        SystemCall.MOVE_MOUNT,
        mount,
        text(""),
        number(OpenFlags.AT_FDCWD),
        text(name),
        number(MountFlags.MOVE_MOUNT_F_EMPTY_PATH));
  }
}
