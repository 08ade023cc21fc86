package io.slipway.runtime.spec;

import java.util.List;
import java.util.stream.Stream;

/**
 * Which users and groups of the host those of a user namespace are.
 *
 * @param uids user 0 of the namespace among them
 * @param gids group 0 of the namespace among them
 */
public record IdMappings(List<Range> uids, List<Range> gids) {

  /** How the kernel shows whoever does not exist in a namespace. */
  public static final int NOBODY = 65_534;

  /**
   * A run of ids.
   *
   * @param inside the first one in the namespace
   * @param outside the one of the host that it is
   */
  public record Range(int inside, int outside, int size) {
    public Range {
      if (inside < 0 || outside < 0 || size <= 0) {
        throw new IllegalArgumentException("invalid ids " + inside + " " + outside + " " + size);
      }
    }

    private boolean holds(int id) {
      return id >= inside && id - inside < size;
    }
  }

  public IdMappings {
    uids = List.copyOf(uids);
    gids = List.copyOf(gids);
    outside(uids, 0, "user");
    outside(gids, 0, "group");
  }

  /**
   * These users, and the host's root as one that none of them is. For mounts that show these users
   * as owners: what the daemon and the kernel make there for themselves needs an owner too.
   */
  public IdMappings withHostRoot() {
    return new IdMappings(withHostRoot(uids), withHostRoot(gids));
  }

  private static List<Range> withHostRoot(List<Range> ranges) {
    int free = ranges.stream().mapToInt(r -> r.inside() + r.size()).max().orElseThrow();
    return Stream.concat(ranges.stream(), Stream.of(new Range(free, 0, 1))).toList();
  }

  /** The user of the host that a user of the namespace is. */
  public int hostUid(int uid) {
    return outside(uids, uid, "user");
  }

  /** The group of the host that a group of the namespace is. */
  public int hostGid(int gid) {
    return outside(gids, gid, "group");
  }

  /** The user of the namespace that a user of the host is; {@link #NOBODY} if none. */
  public int uid(int hostUid) {
    return inside(uids, hostUid);
  }

  /** The group of the namespace that a group of the host is; {@link #NOBODY} if none. */
  public int gid(int hostGid) {
    return inside(gids, hostGid);
  }

  private static int inside(List<Range> ranges, int id) {
    for (Range range : ranges) {
      if (id >= range.outside() && id - range.outside() < range.size()) {
        return range.inside() + id - range.outside();
      }
    }
    return NOBODY;
  }

  private static int outside(List<Range> ranges, int id, String kind) {
    for (Range range : ranges) {
      if (range.holds(id)) {
        return range.outside() + id - range.inside();
      }
    }
    throw new IllegalArgumentException(
        kind + " " + id + " does not exist in the container's user namespace");
  }
}
