package io.slipway.runtime.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How far root's rights reach in this process. A normal user's daemon is root in a user namespace
 * only: of its own mounts, networks and the users of its map. All that follows from that is asked
 * here.
 *
 * @param users the users there are; a whole machine's if this process is in no user namespace
 * @param groups the groups
 * @param setsGroups whether a process may change its list of groups
 */
public record Privileges(List<Ids> users, List<Ids> groups, boolean setsGroups) {
  /** As many as there are without a user namespace. */
  private static final long ALL_IDS = 0xFFFF_FFFFL;

  private static final Privileges OWN = read();

  /** Of the machine's root. */
  public static final Privileges FULL =
      new Privileges(List.of(new Ids(0, 0, ALL_IDS)), List.of(new Ids(0, 0, ALL_IDS)), true);

  /**
   * A run of ids, as in the kernel's {@code uid_map}.
   *
   * @param outside what the first one is called where the namespace was made
   */
  public record Ids(long inside, long outside, long size) {
    private boolean holds(long id) {
      return id >= inside && id - inside < size;
    }
  }

  public Privileges {
    users = List.copyOf(users);
    groups = List.copyOf(groups);
  }

  /** Those of this process; they never change. */
  public static Privileges own() {
    return OWN;
  }

  private static Privileges read() {
    try {
      return read(Path.of("/proc/self"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read which users there are", e);
    }
  }

  /** With another directory in place of {@code /proc/self}, for tests. */
  static Privileges read(Path process) throws IOException {
    return new Privileges(
        ids(process.resolve("uid_map")),
        ids(process.resolve("gid_map")),
        !Files.readAllLines(process.resolve("setgroups")).contains("deny"));
  }

  private static List<Ids> ids(Path map) throws IOException {
    List<Ids> all = new ArrayList<>();
    for (String line : Files.readAllLines(map)) {
      String[] numbers = line.strip().split("\\s+");
      all.add(
          new Ids(
              Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2])));
    }
    return all;
  }

  /** Whether this is root of a user namespace only. */
  public boolean isRootless() {
    return !users.equals(FULL.users());
  }

  /** Whether device files can be made; else those of the host are bound. */
  public boolean makesDevices() {
    return !isRootless();
  }

  /** Whether a file can belong to this user. */
  public boolean hasUser(long uid) {
    return users.stream().anyMatch(ids -> ids.holds(uid));
  }

  /** Whether a file can belong to this group. */
  public boolean hasGroup(long gid) {
    return groups.stream().anyMatch(ids -> ids.holds(gid));
  }

  /** The last of the groups without a gap from 0 on. */
  public long lastGroup() {
    long next = 0;
    for (boolean more = true; more; ) {
      more = false;
      for (Ids ids : groups) {
        if (ids.holds(next)) {
          next = ids.inside() + ids.size();
          more = true;
        }
      }
    }
    return next - 1;
  }

  /** Where overlayfs keeps its notes: {@code trusted} attributes are the machine's root's. */
  public String overlayAttribute(String name) {
    return (isRootless() ? "user.overlay." : "trusted.overlay.") + name;
  }
}
