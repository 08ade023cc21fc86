package io.slipway.runtime.container;

import io.slipway.runtime.linux.DeviceNumber;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.MountCalls;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.TreeCalls;
import io.slipway.runtime.spec.DeviceNode;
import io.slipway.runtime.spec.IdMappings;
import io.slipway.runtime.spec.MountOption;
import io.slipway.runtime.spec.MountSpec;
import java.util.List;

/**
 * {@code /dev} with its device files, made by the daemon: in a user namespace nobody may make one.
 */
final class MappedDevices {
  private static final String DEV = "/dev/";
  private static final int DIRECTORY_MODE = 0755;

  private final IdMappings users;
  private final Fd mount;

  private MappedDevices(IdMappings users, Fd mount) {
    this.users = users;
    this.mount = mount;
  }

  /** A detached mount as the specification has it, with the devices below it. */
  static Fd mount(MountSpec.Tmpfs dev, List<DeviceNode> devices, IdMappings users)
      throws LinuxException {
    Fd mount = fileSystem(dev, users);
    try {
      MappedDevices made = new MappedDevices(users, mount);
      for (DeviceNode device : devices) {
        if (device.path().startsWith(DEV)) {
          made.add(device);
        }
      }
      return mount;
    } catch (LinuxException e) {
      mount.close();
      throw e;
    }
  }

  private static Fd fileSystem(MountSpec.Tmpfs dev, IdMappings users) throws LinuxException {
    try (Fd context = MountCalls.fsOpen("tmpfs")) {
      MountCalls.fsSetString(context, "source", "tmpfs");
      for (String option : dev.data().split(",")) {
        String[] pair = option.split("=", 2);
        if (pair.length == 2) {
          MountCalls.fsSetString(context, pair[0], pair[1]);
        }
      }
      MountCalls.fsSetString(context, "uid", Integer.toString(users.hostUid(0)));
      MountCalls.fsSetString(context, "gid", Integer.toString(users.hostGid(0)));
      MountCalls.fsCreate(context, "tmpfs on " + dev.target());
      return MountCalls.fsMount(
          context, MountOption.attributes(dev.options()), "tmpfs on " + dev.target());
    }
  }

  private void add(DeviceNode device) throws LinuxException {
    String name = device.path().substring(DEV.length());
    for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      makeDirectory(name.substring(0, slash));
    }
    int type = device.type() == DeviceNode.Type.BLOCK ? FileStatus.S_IFBLK : FileStatus.S_IFCHR;
    TreeCalls.makeNode(mount.number(), name, type, DeviceNumber.of(device.major(), device.minor()));
    own(name, device.uid(), device.gid());
    TreeCalls.changeMode(mount.number(), name, device.mode());
  }

  private void makeDirectory(String name) throws LinuxException {
    try {
      TreeCalls.makeDirectory(mount.number(), name, DIRECTORY_MODE);
      own(name, 0, 0);
    } catch (LinuxException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
    }
  }

  private void own(String name, int uid, int gid) throws LinuxException {
    TreeCalls.changeOwner(
        mount.number(),
        name,
        users.hostUid(uid),
        users.hostGid(gid),
        OpenFlags.AT_SYMLINK_NOFOLLOW);
  }
}
