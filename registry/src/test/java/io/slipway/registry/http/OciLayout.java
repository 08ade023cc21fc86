package io.slipway.registry.http;

import io.slipway.image.model.Digest;
import io.slipway.image.model.MediaTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A small image in an OCI layout folder, for clients that push from one. */
final class OciLayout {
  private final Path folder;

  private OciLayout(Path folder) {
    this.folder = folder;
  }

  /** Writes an image of {@code layers} layers under the tag {@code image}. */
  static OciLayout write(Path folder, int layers, int layerBytes) throws IOException {
    OciLayout layout = new OciLayout(folder);
    Files.createDirectories(folder.resolve("blobs/sha256"));
    Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    List<String> diffIds = new ArrayList<>();
    List<String> descriptors = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      byte[] tar = tar("file" + i, RegistryFixture.random(layerBytes + i));
      diffIds.add("\"" + Digest.of(tar) + "\"");
      descriptors.add(layout.blob(MediaTypes.OCI_LAYER_GZIP, gzip(tar)));
    }
    String config =
        """
        {"architecture":"amd64","os":"linux","config":{"Cmd":["/file0"]},\
        "rootfs":{"type":"layers","diff_ids":[%s]}}\
        """
            .formatted(String.join(",", diffIds));
    String manifest =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
            .formatted(
                MediaTypes.OCI_MANIFEST,
                layout.blob(MediaTypes.OCI_CONFIG, utf8(config)),
                String.join(",", descriptors));
    String named = layout.blob(MediaTypes.OCI_MANIFEST, utf8(manifest));
    String annotation = ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"image\"}}";
    Files.writeString(
        folder.resolve("index.json"),
        "{\"schemaVersion\":2,\"manifests\":["
            + named.substring(0, named.length() - 1)
            + annotation
            + "]}");
    return layout;
  }

  /** As skopeo and buildah name it. */
  @Override
  public String toString() {
    return "oci:" + folder + ":image";
  }

  private String blob(String mediaType, byte[] content) throws IOException {
    Digest digest = Digest.of(content);
    Files.write(folder.resolve("blobs/sha256/" + digest.hex()), content);
    return RegistryFixture.descriptor(mediaType, digest, content.length);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] tar(String name, byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      TarArchiveEntry entry = new TarArchiveEntry(name);
      entry.setSize(content.length);
      entry.setModTime(0);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
    }
    return out.toByteArray();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }
}
