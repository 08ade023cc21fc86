package io.slipway.cli.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A user without rights who exists for the programs started here only: each sees, in a mount
 * namespace of its own, files in {@code /etc} that know the user, and a {@code /dev/net/tun} that
 * everybody may open, as Debian has it. The machine's own files stay as they are.
 */
final class NormalUser {
  private static final int FIRST_ID = 1_200_000_000;
  private static final int IDS = 65_536;

  private static final String BECOME =
      """
      set -e
      cd "$BASE"
      mount --bind passwd /etc/passwd
      mount --bind group /etc/group
      for file in subuid subgid; do
        [ -e /etc/$file ] || : >/etc/$file
        mount --bind $file /etc/$file
      done
      mkdir -p /dev/net
      mount -t tmpfs -o mode=755 tmpfs /dev/net
      mknod -m 666 /dev/net/tun c 10 200
      for program in $MISSING; do
        mount --bind /dev/null "$(command -v "$program")"
      done
      cd "$DIRECTORY"
      exec setpriv --reuid "$ID" --regid "$ID" --clear-groups env -i HOME="$BASE/home" \
        XDG_RUNTIME_DIR="$BASE/run" PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin \
        LANG=C.UTF-8 "$@"
      """;

  private final Path base;
  private final int id;

  NormalUser(Path base) throws IOException {
    this.base = base;
    this.id = 60_000_000 + (int) (ProcessHandle.current().pid() % 1_000_000);
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
    // A user's folders, closed to others as at home.
    for (String folder : List.of("home", "run")) {
      Path made = Files.createDirectory(base.resolve(folder));
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwx------"));
      Files.setAttribute(made, "unix:uid", id);
      Files.setAttribute(made, "unix:gid", id);
    }
    Files.writeString(
        base.resolve("passwd"),
        Files.readString(Path.of("/etc/passwd"))
            + "slipuser:x:%d:%d::%s:/bin/sh\n".formatted(id, id, home()));
    Files.writeString(
        base.resolve("group"),
        Files.readString(Path.of("/etc/group")) + "slipuser:x:%d:\n".formatted(id));
    grant("slipuser:" + FIRST_ID + ":" + IDS + "\n");
  }

  /** Writes the lines of {@code /etc/subuid} and {@code /etc/subgid}. */
  void grant(String lines) throws IOException {
    Files.writeString(base.resolve("subuid"), lines);
    Files.writeString(base.resolve("subgid"), lines);
  }

  Path home() {
    return base.resolve("home");
  }

  Path socket() {
    return base.resolve("run/slipway/slipway.sock");
  }

  int id() {
    return id;
  }

  /** The user of the machine that a user of the user's containers is. */
  int outside(int inside) {
    return inside == 0 ? id : FIRST_ID + inside - 1;
  }

  /** Runs a program of the checkout's folder as the user. */
  Shell.Result run(String... command) {
    return runWithout("", command);
  }

  /** As {@link #run} where some programs are not installed. */
  Shell.Result runWithout(String programs, String... command) {
    return shell(programs).run(words(command));
  }

  /** Starts a program and leaves it running. */
  ServerProcess start(Path log, String... command) {
    return new ServerProcess(log, shell("").environment(), List.of(words(command)));
  }

  private Shell shell(String missing) {
    return new Shell(
        SlipwayDaemon.ROOT,
        Map.of(
            "BASE", base.toString(),
            "ID", Integer.toString(id),
            "DIRECTORY", SlipwayDaemon.ROOT.toString(),
            "MISSING", missing));
  }

  private static String[] words(String... command) {
    List<String> all =
        new ArrayList<>(
            List.of("unshare", "--mount", "--propagation", "private", "sh", "-c", BECOME, "sh"));
    all.addAll(List.of(command));
    return all.toArray(String[]::new);
  }

  /** Processes of the user and of those that the user's containers have. */
  List<String> processes() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      for (Path process : all.filter(p -> p.getFileName().toString().matches("\\d+")).toList()) {
        try {
          List<String> status = Files.readAllLines(process.resolve("status"));
          if (status.stream().anyMatch(this::isOurs)
              && status.stream().noneMatch(line -> line.startsWith("State:\tZ"))) {
            found.add(process.getFileName() + " " + status.getFirst());
          }
        } catch (NoSuchFileException e) {
          // it has ended meanwhile
          continue;
        } catch (IOException e) {
          if (Files.exists(process)) {
            throw e;
          }
        }
      }
    }
    return found;
  }

  /** Ends whatever a failed test has left. */
  void killAll() throws IOException {
    for (String process : processes()) {
      ProcessHandle.of(Long.parseLong(process.substring(0, process.indexOf(' '))))
          .ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private boolean isOurs(String line) {
    if (!line.startsWith("Uid:")) {
      return false;
    }
    int uid = Integer.parseInt(line.split("\\s+")[1]);
    return uid == id || uid >= FIRST_ID && uid < FIRST_ID + IDS;
  }
}
