package io.slipway.builder;

import io.slipway.image.catalog.LayerBlob;
import io.slipway.image.content.VerifiedBlobs;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.ContainerConfig;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.model.Platform;
import io.slipway.image.model.RootFs;
import io.slipway.image.name.Reference;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarTime;
import io.slipway.image.tar.TarWriter;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.PathBytes;
import io.slipway.runtime.snapshot.OverlaySnapshotter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Images for tests, and what is in images. */
final class TestImages {
  private static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final TarTime TIME = new TarTime(1_700_000_000, 0);
  private static final List<String> APPLETS =
      List.of(
          "sh",
          "cat",
          "ls",
          "mkdir",
          "rm",
          "mv",
          "ln",
          "echo",
          "true",
          "false",
          "touch",
          "chmod",
          "chown",
          "id",
          "env",
          "pwd",
          "hostname",
          "sleep",
          "stat",
          "test",
          "grep",
          "sed",
          "head",
          "dd",
          "cp",
          "find",
          "sort",
          "wc",
          "tr",
          "printf",
          "od",
          "mknod",
          "umask",
          "ip");

  private TestImages() {}

  /** {@code busybox:latest}: one layer, a few users, no configuration but a command. */
  static void addBusybox(BuildMachine machine) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var tar = new TarWriter(bytes);
    for (String directory : List.of("bin", "etc", "root", "tmp", "home", "home/app")) {
      int mode = directory.equals("tmp") ? 01777 : 0755;
      tar.put(TarEntry.directory(directory, mode, TIME));
    }
    byte[] busybox = Files.readAllBytes(BUSYBOX);
    tar.put(TarEntry.file("bin/busybox", 0755, busybox.length, TIME));
    tar.write(busybox, 0, busybox.length);
    for (String applet : APPLETS) {
      tar.put(TarEntry.symlink("bin/" + applet, "busybox", TIME));
    }
    text(tar, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n");
    text(tar, "etc/group", "root:x:0:\napp:x:1001:\nstaff:x:50:app\n");
    tar.finish();
    ContainerConfig config = new ContainerConfig.Builder().cmd(List.of("sh")).build();
    add(machine, "busybox", bytes.toByteArray(), config);
  }

  private static void text(TarWriter tar, String name, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    tar.put(TarEntry.file(name, 0644, bytes.length, TIME));
    tar.write(bytes, 0, bytes.length);
  }

  static Digest add(BuildMachine machine, String name, byte[] layer, ContainerConfig config)
      throws IOException {
    var blobs = new VerifiedBlobs(machine.blobs);
    Digest diffId = blobs.put(Bytes.copyOf(layer)).digest();
    var descriptor = new Descriptor(MediaTypes.OCI_LAYER, diffId, layer.length);
    machine.layers.put(new LayerBlob(diffId, descriptor, layer.length, List.of()));
    ImageConfig image =
        new ImageConfig.Builder(Platform.host())
            .config(config)
            .rootFs(new RootFs(List.of(diffId)))
            .build();
    blobs.put(image.bytes());
    machine.catalog.add(image.id(), List.of());
    machine.catalog.tag(image.id(), Reference.parseWithDefaultTag(name));
    return image.id();
  }

  /** Each path with type, mode, owner and content or link target. */
  static Map<String, String> listing(OverlaySnapshotter snapshots, ImageConfig image)
      throws IOException {
    var files = new TreeMap<String, String>();
    if (image.rootFs().diffIds().isEmpty()) {
      return files;
    }
    var top = snapshots.find(image.rootFs().chain().getLast()).orElseThrow();
    try (var view = snapshots.view(top);
        Dir root = Dir.open(view.root())) {
      list(root, "", files);
    }
    return files;
  }

  private static void list(Dir directory, String path, Map<String, String> files)
      throws IOException {
    for (String name : directory.names()) {
      FileStatus status = directory.status(name).orElseThrow();
      String child = path + "/" + name;
      files.put(child, describe(directory, name, status));
      if (status.isDirectory()) {
        try (Dir below = directory.directory(name)) {
          list(below, child, files);
        }
      }
    }
  }

  private static String describe(Dir directory, String name, FileStatus status) throws IOException {
    String owner = " " + status.uid() + ":" + status.gid();
    String mode = Integer.toOctalString(status.permissions()) + owner;
    return switch (status.type()) {
      case FileStatus.S_IFDIR -> "dir " + mode;
      case FileStatus.S_IFLNK -> "link" + owner + " -> " + directory.readLink(name);
      case FileStatus.S_IFREG -> {
        try (var file = directory.openFile(name)) {
          String content =
              status.size() > 4096
                  ? status.size() + " bytes"
                  : PathBytes.decode(Files.readAllBytes(file.path()));
          yield "file " + mode + " " + content;
        }
      }
      default -> "other " + mode;
    };
  }
}
