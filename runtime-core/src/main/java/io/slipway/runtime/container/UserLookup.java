package io.slipway.runtime.container;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.TreeCalls;
import io.slipway.runtime.spec.UserSpec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Finds users and groups in the passwd and group files of a root file system, with the rules and
 * the error sentences of runc and Docker. The files are opened so that no link leads out of the
 * root; what is not a plain file counts as missing.
 */
public final class UserLookup {
  /** No sensible file is larger; an image must not fill the daemon's memory. */
  private static final long FILE_LIMIT = 4 << 20;

  private final List<User> users;
  private final List<Group> groups;

  /** A line of passwd. */
  private record User(String name, int uid, int gid, String home) {}

  /** A line of group. */
  private record Group(String name, int gid, List<String> members) {}

  private UserLookup(List<User> users, List<Group> groups) {
    this.users = users;
    this.groups = groups;
  }

  /** Reads the files below this root directory or mount. */
  public static UserLookup in(Fd root) throws IOException {
    List<User> users = new ArrayList<>();
    for (String line : lines(root, "etc/passwd")) {
      String[] part = line.split(":", -1);
      OptionalInt uid = part.length < 4 ? OptionalInt.empty() : number(part[2]);
      OptionalInt gid = part.length < 4 ? OptionalInt.empty() : number(part[3]);
      if (uid.isPresent() && gid.isPresent()) {
        String home = part.length > 5 ? part[5] : "";
        users.add(new User(part[0], uid.getAsInt(), gid.getAsInt(), home));
      }
    }
    List<Group> groups = new ArrayList<>();
    for (String line : lines(root, "etc/group")) {
      String[] part = line.split(":", -1);
      OptionalInt gid = part.length < 3 ? OptionalInt.empty() : number(part[2]);
      if (gid.isPresent()) {
        List<String> members = part.length > 3 ? List.of(part[3].split(",")) : List.of();
        groups.add(new Group(part[0], gid.getAsInt(), members));
      }
    }
    return new UserLookup(users, groups);
  }

  private static List<String> lines(Fd root, String name) throws IOException {
    int flags = OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK | OpenFlags.O_NOCTTY;
    try (Fd file = FileCalls.openAt2(root, name, flags, 0, OpenFlags.RESOLVE_IN_ROOT)) {
      var status = TreeCalls.status(file);
      if (!status.isRegular() || status.size() > FILE_LIMIT) {
        return List.of();
      }
      return text(file, (int) status.size()).lines().toList();
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR) || e.is(Errno.ELOOP) || e.is(Errno.ENXIO)) {
        return List.of();
      }
      throw e;
    }
  }

  private static String text(Fd file, int size) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(Math.max(1, size));
      long length = FileCalls.read(file, bytes);
      return new String(
          bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
    }
  }

  /**
   * The identity a user specification means here.
   *
   * @throws ContainerStartException if a name is in no file, or a number out of range
   */
  public Identity resolve(UserSpec spec) throws ContainerStartException {
    int colon = spec.text().indexOf(':');
    String userText = colon < 0 ? spec.text() : spec.text().substring(0, colon);
    String groupText = colon < 0 ? "" : spec.text().substring(colon + 1);
    Optional<User> user = findUser(userText);
    int uid = user.map(User::uid).orElse(0);
    if (user.isEmpty() && !userText.isEmpty()) {
      uid = numberOr(userText, "unable to find user %s: no matching entries in passwd file");
    }
    int gid = user.map(User::gid).orElse(0);
    Set<Integer> all = new LinkedHashSet<>();
    if (!groupText.isEmpty()) {
      gid = groupId(groupText, "unable to find group %s: no matching entries in group file");
      all.add(gid);
    } else {
      all.add(gid);
      user.ifPresent(u -> memberships(u.name()).forEach(all::add));
    }
    for (String extra : spec.extraGroups()) {
      all.add(groupId(extra, "unable to find group %s: no matching entries in group file"));
    }
    String home = user.map(User::home).filter(h -> !h.isEmpty()).orElse("/");
    return new Identity(uid, gid, List.copyOf(all), home);
  }

  /** A numeric user is always a number, also if somebody bears it as a name. */
  private Optional<User> findUser(String text) {
    OptionalInt number = text.isEmpty() ? OptionalInt.of(0) : number(text);
    return users.stream()
        .filter(u -> number.isPresent() ? u.uid() == number.getAsInt() : u.name().equals(text))
        .findFirst();
  }

  private List<Integer> memberships(String user) {
    return groups.stream().filter(g -> g.members().contains(user)).map(Group::gid).toList();
  }

  private int groupId(String text, String missing) throws ContainerStartException {
    OptionalInt number = number(text);
    Optional<Group> group =
        groups.stream()
            .filter(g -> number.isPresent() ? g.gid() == number.getAsInt() : g.name().equals(text))
            .findFirst();
    return group.isPresent() ? group.get().gid() : numberOr(text, missing);
  }

  private static int numberOr(String text, String missing) throws ContainerStartException {
    if (!text.matches("-?[0-9]+")) {
      throw failure(missing.formatted(text));
    }
    return number(text)
        .orElseThrow(() -> failure("uids and gids must be in range 0-2147483647: " + text));
  }

  private static ContainerStartException failure(String message) {
    return new UnknownUserException(message);
  }

  private static OptionalInt number(String text) {
    // No regular expression: every line of the files passes here at every start.
    if (text.isEmpty() || text.length() > 10) {
      return OptionalInt.empty();
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return OptionalInt.empty();
      }
      value = value * 10 + (digit - '0');
    }
    return value > Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of((int) value);
  }
}
