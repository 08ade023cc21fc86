package io.slipway.cli.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A saved image as a user of it sees it: its configuration, and the files that its layers add up
 * to.
 *
 * @param files path to type, mode, owner, size, content, link target, device, an old time of change
 *     and extended attributes; names of one file carry the name of the first
 */
record ImageTree(JsonNode config, Map<String, String> files) {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  /** Files older than this have a time that somebody gave them, newer ones that of the build. */
  private static final long SECONDS_OF_TODAY = 1_700_000_000;

  /** Reads what {@code docker save} wrote, in the legacy or in the OCI layout. */
  static ImageTree ofSaved(Path archive) throws IOException {
    Map<String, byte[]> members = new HashMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        if (e.isFile()) {
          members.put(e.getName(), tar.readAllBytes());
        } else if (e.isSymbolicLink()) {
          Path target = Path.of(e.getName()).resolveSibling(e.getLinkName()).normalize();
          members.put(e.getName(), members.get(target.toString()));
        }
      }
    }
    ObjectMapper json = new ObjectMapper();
    JsonNode manifest = json.readTree(members.get("manifest.json")).get(0);
    JsonNode config = json.readTree(members.get(manifest.get("Config").asText()));
    ImageTree tree = new ImageTree(config, new TreeMap<>());
    for (JsonNode layer : manifest.get("Layers")) {
      tree.apply(members.get(layer.asText()));
    }
    return tree;
  }

  private void apply(byte[] layer) throws IOException {
    boolean gzip = layer.length > 2 && layer[0] == 0x1f && layer[1] == (byte) 0x8b;
    InputStream in = new ByteArrayInputStream(layer);
    Map<String, String> added = new TreeMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(gzip ? new GZIPInputStream(in) : in)) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        String path = clean(e.getName());
        String name = path.substring(path.lastIndexOf('/') + 1);
        String parent = path.substring(0, path.length() - name.length());
        if (name.equals(OPAQUE)) {
          files.keySet().removeIf(p -> p.startsWith(parent));
        } else if (name.startsWith(WHITEOUT)) {
          remove(parent + name.substring(WHITEOUT.length()));
        } else if (!path.isEmpty()) {
          if (!e.isDirectory()) {
            remove(path);
          }
          added.put(path, e.isLink() ? linked(added, clean(e.getLinkName())) : describe(e, tar));
        }
      }
    }
    files.putAll(added);
  }

  private String linked(Map<String, String> added, String target) {
    String found = added.getOrDefault(target, files.get(target));
    return found == null ? "hard link to nothing: " + target : found;
  }

  private void remove(String path) {
    files.remove(path);
    files.keySet().removeIf(p -> p.startsWith(path + "/"));
  }

  private static String clean(String name) {
    return name.replaceFirst("^(\\./|/)+", "").replaceFirst("/$", "").replaceFirst("^\\.$", "");
  }

  private static String describe(TarArchiveEntry e, InputStream content) throws IOException {
    String type =
        e.isDirectory()
            ? "dir"
            : e.isSymbolicLink()
                ? "link to " + e.getLinkName()
                : e.isFIFO()
                    ? "fifo"
                    : e.isCharacterDevice() || e.isBlockDevice()
                        ? "device %c %d:%d"
                            .formatted(
                                e.isBlockDevice() ? 'b' : 'c', e.getDevMajor(), e.getDevMinor())
                        : "file " + e.getSize() + " bytes " + sha256(content);
    StringBuilder text = new StringBuilder(type);
    if (!e.isSymbolicLink()) {
      text.append(" mode ").append(Integer.toOctalString(e.getMode() & 07777));
    }
    text.append(" owner ").append(e.getLongUserId()).append(':').append(e.getLongGroupId());
    long time = e.getLastModifiedTime().toInstant().getEpochSecond();
    if (!e.isDirectory() && time < SECONDS_OF_TODAY) {
      text.append(" time ").append(time);
    }
    new TreeMap<>(e.getExtraPaxHeaders())
        .forEach((key, value) -> {
          if (key.startsWith("SCHILY.xattr.")) {
            text.append(' ').append(key).append('=').append(value);
          }
        });
    return text.toString();
  }

  private static String sha256(InputStream in) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(in.readAllBytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
