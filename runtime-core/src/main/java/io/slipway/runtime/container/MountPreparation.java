package io.slipway.runtime.container;

import io.slipway.runtime.cgroup.Cgroup;
import io.slipway.runtime.cgroup.CgroupView;
import io.slipway.runtime.container.StartFacts.MountFacts;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.MountCalls;
import io.slipway.runtime.linux.MountFlags;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.Privileges;
import io.slipway.runtime.linux.TreeCalls;
import io.slipway.runtime.spec.DeviceNode;
import io.slipway.runtime.spec.IdMappings;
import io.slipway.runtime.spec.MountOption;
import io.slipway.runtime.spec.MountSpec;
import io.slipway.runtime.spec.MountSpec.KernelView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Opens as detached mounts what a container gets from the host, before there is a child. */
final class MountPreparation {
  private static final int TTY_GROUP = 5;

  private final OpenHandles handles;
  private final Cgroup cgroup;
  private final Optional<MappedUsers> users;
  private Optional<Fd> devpts = Optional.empty();

  MountPreparation(OpenHandles handles, Cgroup cgroup, Optional<MappedUsers> users) {
    this.handles = handles;
    this.cgroup = cgroup;
    this.users = users;
  }

  List<MountFacts> prepare(List<MountSpec> mounts, List<DeviceNode> devices) throws IOException {
    List<MountFacts> facts = new ArrayList<>(mounts.size());
    for (MountSpec mount : mounts) {
      facts.add(
          switch (mount) {
            case MountSpec.Bind bind -> bind(bind);
            case MountSpec.Tmpfs tmpfs -> tmpfs(tmpfs, devices);
            case KernelView view ->
                switch (view.kind()) {
                  case CGROUP -> cgroups(view);
                  case DEVPTS -> devpts(view);
                  case PROC, SYSFS, MQUEUE -> new MountFacts.MadeByChild();
                };
          });
    }
    return facts;
  }

  /** Where each mount goes; what lies in our own mounts cannot be a link. */
  static List<String> targets(Fd root, List<MountSpec> mounts) throws IOException {
    List<String> targets = new ArrayList<>(mounts.size());
    for (MountSpec mount : mounts) {
      String target = mount.target();
      boolean ours =
          List.of("/proc", "/sys", "/dev").stream().anyMatch(d -> MountSteps.isBelow(target, d));
      targets.add(ours ? target : PathResolution.resolve(root, target));
    }
    return targets;
  }

  /** The container's terminals, once a specification had them; stays open for later execs. */
  Optional<Fd> devpts() {
    return devpts;
  }

  private MountFacts tmpfs(MountSpec.Tmpfs tmpfs, List<DeviceNode> devices) throws IOException {
    if (users.isEmpty() || !tmpfs.target().equals("/dev")) {
      return new MountFacts.MadeByChild();
    }
    Fd mount = MappedDevices.mount(tmpfs, devices, users.get().mappings());
    return new MountFacts.Prepared(handles.add("devices", mount), false);
  }

  /** The host's device files by their places in the container, if the daemon can make none. */
  Map<String, String> devices(List<DeviceNode> devices) throws IOException {
    Map<String, String> bound = new LinkedHashMap<>();
    if (!Privileges.own().makesDevices()) {
      for (DeviceNode device : devices) {
        Fd mount = MountCalls.cloneTree(DeviceFiles.hostPath(device), false);
        bound.put(device.path(), handles.add("device " + device.path(), mount));
      }
    }
    return bound;
  }

  private MountFacts bind(MountSpec.Bind bind) throws IOException {
    Fd mount = MountCalls.cloneTree(bind.source(), bind.recursive());
    String name = handles.add("bind " + bind.source(), mount);
    FileStatus status = TreeCalls.status(mount);
    long propagation =
        switch (bind.propagation()) {
          case PRIVATE -> MountFlags.MS_PRIVATE;
          case SLAVE -> MountFlags.MS_SLAVE;
          case SHARED -> MountFlags.MS_SHARED;
        };
    long attributes = MountOption.attributes(bind.options());
    MountCalls.setAttributes(mount, bind.recursive(), attributes, 0, propagation, 0);
    if (bind.ofContainer() && users.isPresent()) {
      MappedOverlay.map(mount, users.get().owners());
    }
    return new MountFacts.Prepared(name, !status.isDirectory());
  }

  private MountFacts devpts(KernelView view) throws IOException {
    try (Fd context = MountCalls.fsOpen("devpts")) {
      MountCalls.fsSetString(context, "source", "devpts");
      MountCalls.fsSetFlag(context, "newinstance");
      MountCalls.fsSetString(context, "ptmxmode", "0666");
      MountCalls.fsSetString(context, "mode", "0620");
      if (Privileges.own().hasGroup(TTY_GROUP)) {
        MountCalls.fsSetString(context, "gid", Integer.toString(TTY_GROUP));
      }
      if (users.isPresent()) {
        IdMappings mappings = users.get().mappings();
        MountCalls.fsSetString(context, "uid", Integer.toString(mappings.hostUid(0)));
        MountCalls.fsSetString(context, "gid", Integer.toString(mappings.hostGid(TTY_GROUP)));
      }
      MountCalls.fsCreate(context, "devpts on " + view.target());
      Fd mount =
          MountCalls.fsMount(
              context, MountOption.attributes(view.options()), "devpts on " + view.target());
      if (users.isPresent()) {
        IdMappings mappings = users.get().mappings();
        TreeCalls.changeOwner(mount.number(), ".", mappings.hostUid(0), mappings.hostGid(0), 0);
      }
      devpts = Optional.of(mount);
      return new MountFacts.Prepared(handles.add(StartFacts.DEVPTS, mount), false);
    }
  }

  /** The container's own directories only: it sees itself as the root of each hierarchy. */
  private MountFacts cgroups(KernelView view) throws IOException {
    long attributes = MountOption.attributes(view.options());
    List<MountFacts.Part> parts = new ArrayList<>();
    for (CgroupView directory : cgroup.views()) {
      Fd mount = MountCalls.cloneTree(directory.directory(), false);
      String name = handles.add("cgroup " + directory.name(), mount);
      if (directory.name().isEmpty()) {
        MountCalls.setAttributes(mount, false, attributes, 0, MountFlags.MS_PRIVATE, 0);
        return new MountFacts.Prepared(name, false);
      }
      parts.add(new MountFacts.Part(directory.name(), name));
    }
    return new MountFacts.Collection(parts);
  }

  /** Whether a path of the host exists and is a directory; for the kernel's own file systems. */
  static StartFacts.MaskKind maskKind(String path, boolean kernelViews) throws IOException {
    boolean known =
        kernelViews && (MountSteps.isBelow(path, "/proc") || MountSteps.isBelow(path, "/sys"));
    if (!known) {
      return StartFacts.MaskKind.UNKNOWN;
    }
    // Where it is absent here, the same kernel has nothing there to hide from a container either.
    return TreeCalls.statusIfPresent(OpenFlags.AT_FDCWD, path, 0)
        .map(s -> s.isDirectory() ? StartFacts.MaskKind.DIRECTORY : StartFacts.MaskKind.FILE)
        .orElse(StartFacts.MaskKind.ABSENT);
  }
}
