package io.slipway.runtime.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small root file system made of the machine's static busybox. */
final class BusyboxRoot {
  private static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final List<String> APPLETS =
      List.of(
          "sh",
          "cat",
          "echo",
          "id",
          "true",
          "false",
          "ls",
          "mount",
          "hostname",
          "env",
          "pwd",
          "sleep",
          "kill",
          "head",
          "dd",
          "stat",
          "touch",
          "grep",
          "tail",
          "readlink",
          "stty",
          "wc",
          "rm",
          "mkdir",
          "test",
          "ps",
          "tty",
          "ip",
          "ifconfig",
          "yes",
          "printf",
          "umask",
          "mknod");

  private BusyboxRoot() {}

  /** Fills the directory; passwd and group have root, daemon and a user "app" with two groups. */
  static Path make(Path root) throws IOException {
    for (String name : List.of("bin", "etc", "proc", "sys", "dev", "tmp", "root", "home/app")) {
      Files.createDirectories(root.resolve(name));
    }
    Files.copy(BUSYBOX, root.resolve("bin/busybox"));
    for (String applet : APPLETS) {
      Files.createLink(root.resolve("bin/" + applet), root.resolve("bin/busybox"));
    }
    Files.writeString(
        root.resolve("etc/passwd"),
        "root:x:0:0:root:/root:/bin/sh\n"
            + "daemon:x:1:1:daemon:/usr/sbin:/bin/false\n"
            + "app:x:1000:1000::/home/app:/bin/sh\n");
    Files.writeString(
        root.resolve("etc/group"), "root:x:0:\nwheel:x:10:root,app\napp:x:1000:\nplug:x:46:app\n");
    return root;
  }
}
