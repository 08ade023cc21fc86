package io.slipway.runtime.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * Mounting, by name and by descriptor. A mount made by {@link #fsMount} or {@link #openTree} with
 * {@code OPEN_TREE_CLONE} is in nobody's mount table; it lives as long as its {@link Fd}.
 */
public final class MountCalls {
  private MountCalls() {}

  /** Classic {@code mount(2)} in the JVM's own mount namespace. */
  public static void mount(String source, Path target, String type, long flags, String options)
      throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      Kernel.call(
          SystemCall.MOUNT,
          (type.isEmpty() ? source : type) + " on " + target,
          PathBytes.allocate(arena, source).address(),
          PathBytes.allocate(arena, target.toString()).address(),
          PathBytes.allocate(arena, type).address(),
          flags,
          PathBytes.allocate(arena, options).address());
    }
  }

  public static void unmount(Path target, int flags) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long path = PathBytes.allocate(arena, target.toString()).address();
      Kernel.call(SystemCall.UMOUNT2, target.toString(), path, flags);
    }
  }

  /** Opens a file system context to configure. */
  public static Fd fsOpen(String type) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long name = PathBytes.allocate(arena, type).address();
      return FileCalls.fd(Kernel.call(SystemCall.FSOPEN, type, name, MountFlags.FSOPEN_CLOEXEC));
    }
  }

  public static void fsSetString(Fd context, String key, String value) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      Kernel.call(
          SystemCall.FSCONFIG,
          key + "=" + value,
          context.number(),
          MountFlags.FSCONFIG_SET_STRING,
          PathBytes.allocate(arena, key).address(),
          PathBytes.allocate(arena, value).address(),
          0);
    }
  }

  public static void fsSetFlag(Fd context, String key) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long name = PathBytes.allocate(arena, key).address();
      Kernel.call(
          SystemCall.FSCONFIG, key, context.number(), MountFlags.FSCONFIG_SET_FLAG, name, 0, 0);
    }
  }

  /** Creates the file system that was configured; {@code what} is named if it fails. */
  public static void fsCreate(Fd context, String what) throws LinuxException {
    Kernel.call(
        SystemCall.FSCONFIG, what, context.number(), MountFlags.FSCONFIG_CMD_CREATE, 0, 0, 0);
  }

  /** Makes a detached mount of a created file system; attributes are {@code MOUNT_ATTR_*}. */
  public static Fd fsMount(Fd context, long attributes, String what) throws LinuxException {
    return FileCalls.fd(
        Kernel.call(
            SystemCall.FSMOUNT, what, context.number(), MountFlags.FSMOUNT_CLOEXEC, attributes));
  }

  /**
   * A detached copy of the mount (or part of it) at {@code path}.
   *
   * @param recursive also take the mounts below it
   */
  public static Fd cloneTree(Path path, boolean recursive) throws LinuxException {
    long flags = MountFlags.OPEN_TREE_CLONE | OpenFlags.O_CLOEXEC;
    return openTree(
        OpenFlags.AT_FDCWD, path.toString(), recursive ? flags | OpenFlags.AT_RECURSIVE : flags);
  }

  public static Fd openTree(int directory, String path, long flags) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long name = PathBytes.allocate(arena, path).address();
      return FileCalls.fd(Kernel.call(SystemCall.OPEN_TREE, path, directory, name, flags));
    }
  }

  /** Attaches a detached mount at a path of the JVM's own mount namespace. */
  public static void attach(Fd mount, Path target) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      Kernel.call(
          SystemCall.MOVE_MOUNT,
          target.toString(),
          mount.number(),
          arena.allocate(1).address(),
          OpenFlags.AT_FDCWD,
          PathBytes.allocate(arena, target.toString()).address(),
          MountFlags.MOVE_MOUNT_F_EMPTY_PATH);
    }
  }

  /**
   * {@code mount_setattr} on a mount held by descriptor.
   *
   * @param propagation {@code MS_PRIVATE}, {@code MS_SLAVE}, {@code MS_SHARED} or 0 to keep it
   * @param userNamespace number of a user namespace descriptor for an idmapped mount, or 0
   */
  public static void setAttributes(
      Fd mount, boolean recursive, long set, long clear, long propagation, int userNamespace)
      throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(32, 8);
      attributes.set(ValueLayout.JAVA_LONG, 0, set);
      attributes.set(ValueLayout.JAVA_LONG, 8, clear);
      attributes.set(ValueLayout.JAVA_LONG, 16, propagation);
      attributes.set(ValueLayout.JAVA_LONG, 24, userNamespace);
      int flags = OpenFlags.AT_EMPTY_PATH | (recursive ? OpenFlags.AT_RECURSIVE : 0);
      long empty = arena.allocate(1).address();
      Kernel.call(
          SystemCall.MOUNT_SETATTR,
          mount.toString(),
          mount.number(),
          empty,
          flags,
          attributes.address(),
          32);
    }
  }
}
