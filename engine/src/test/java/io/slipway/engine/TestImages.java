package io.slipway.engine;

import io.slipway.image.catalog.FileCatalog;
import io.slipway.image.catalog.FileLayerIndex;
import io.slipway.image.catalog.LayerBlob;
import io.slipway.image.content.DirectoryBlobStore;
import io.slipway.image.content.ExpectedContent;
import io.slipway.image.content.Ingest;
import io.slipway.image.model.ContainerConfig;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.model.Platform;
import io.slipway.image.model.RootFs;
import io.slipway.image.name.Reference;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarTime;
import io.slipway.image.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Puts images into a data root that no daemon has open. */
final class TestImages {
  private static final List<String> APPLETS =
      List.of(
          "sh",
          "cat",
          "true",
          "false",
          "echo",
          "sleep",
          "ls",
          "id",
          "env",
          "hostname",
          "ps",
          "dd",
          "wc",
          "kill",
          "seq",
          "mount",
          "pwd",
          "stat",
          "touch",
          "mkdir",
          "head",
          "tail",
          "yes",
          "tty",
          "stty",
          "grep",
          "nc",
          "wget",
          "ip",
          "sync",
          "rm",
          "md5sum",
          "trap",
          "date");

  private TestImages() {}

  /** {@code busybox:latest} of this machine's static busybox; {@code alpine} users welcome. */
  static void busybox(Path dataRoot) throws IOException {
    ContainerConfig config =
        new ContainerConfig.Builder()
            .env(List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"))
            .cmd(List.of("sh"))
            .build();
    add(dataRoot, "busybox:latest", busyboxLayer(), config);
    add(
        dataRoot,
        "withvolume:latest",
        busyboxLayer(),
        config.toBuilder()
            .volumes(List.of("/data"))
            .user("nobody")
            .workingDir("/work")
            .entrypoint(List.of("/bin/echo", "entry"))
            .cmd(List.of("default"))
            .exposedPorts(List.of("80/tcp"))
            .labels(java.util.Map.of("from", "image"))
            .build());
  }

  /** The files of {@code busybox} for a daemon that imports them. */
  static InputStream busyboxTar() throws IOException {
    return new ByteArrayInputStream(busyboxLayer());
  }

  private static byte[] busyboxLayer() throws IOException {
    byte[] binary = Files.readAllBytes(Path.of("/bin/busybox"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TarWriter tar = new TarWriter(bytes);
    TarTime time = TarTime.of(Instant.parse("2024-01-01T00:00:00Z"));
    for (String directory : List.of("bin/", "etc/", "tmp/", "root/", "data/")) {
      tar.put(TarEntry.directory(directory, directory.equals("tmp/") ? 01777 : 0755, time));
    }
    file(tar, "bin/busybox", 0755, binary, time);
    for (String applet : APPLETS) {
      tar.put(TarEntry.symlink("bin/" + applet, "busybox", time));
    }
    file(
        tar,
        "etc/passwd",
        0644,
        text("root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n"),
        time);
    file(tar, "etc/group", 0644, text("root:x:0:\nnogroup:x:65534:\nwheel:x:10:\n"), time);
    file(tar, "data/seed", 0640, text("from the image\n"), time);
    tar.finish();
    return bytes.toByteArray();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void file(TarWriter tar, String name, int mode, byte[] content, TarTime time)
      throws IOException {
    tar.put(TarEntry.file(name, mode, content.length, time));
    tar.write(content, 0, content.length);
  }

  static void add(Path dataRoot, String name, byte[] layer, ContainerConfig config)
      throws IOException {
    Clock clock = Clock.systemUTC();
    Digest diffId = Digest.of(layer);
    ImageConfig image =
        new ImageConfig.Builder(Platform.host())
            .created(Optional.of(Instant.parse("2024-01-01T00:00:00Z")))
            .config(config)
            .rootFs(new RootFs(List.of(diffId)))
            .build();
    DirectoryBlobStore blobs = DirectoryBlobStore.open(dataRoot.resolve("blobs"), Duration.ZERO);
    put(blobs, layer);
    put(blobs, image.bytes().toArray());
    FileLayerIndex.open(dataRoot.resolve("images/layers"))
        .put(
            new LayerBlob(
                diffId,
                new Descriptor(MediaTypes.OCI_LAYER, diffId, layer.length),
                layer.length,
                List.of()));
    FileCatalog catalog = FileCatalog.open(dataRoot.resolve("images"), clock);
    catalog.add(image.id(), List.of());
    catalog.tag(image.id(), Reference.parseWithDefaultTag(name));
  }

  private static void put(DirectoryBlobStore blobs, byte[] content) throws IOException {
    try (Ingest ingest = blobs.ingest(UUID.randomUUID().toString(), DigestAlgorithm.SHA256)) {
      ingest.append(ByteBuffer.wrap(content));
      ingest.commit(ExpectedContent.anything());
    }
  }
}
