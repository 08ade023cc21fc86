package io.slipway.runtime.layer;

import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarReader;
import io.slipway.image.tar.TarTime;
import io.slipway.image.tar.TarType;
import io.slipway.image.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Archives for tests, made and listed in a few words. Entries belong to whoever runs the test. */
final class Tars {
  static final TarTime TIME = new TarTime(1_600_000_000, 0);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final TarWriter writer = new TarWriter(out);
  private final long uid = me("unix:uid");
  private final long gid = me("unix:gid");

  static Tars tar() {
    return new Tars();
  }

  Tars file(String name, String content) {
    return file(name, 0644, content);
  }

  Tars file(String name, int mode, String content) {
    byte[] body = content.getBytes(StandardCharsets.UTF_8);
    return put(TarEntry.file(name, mode, body.length, TIME).withOwner(uid, gid), body);
  }

  Tars dir(String name) {
    return dir(name, 0755);
  }

  Tars dir(String name, int mode) {
    return put(TarEntry.directory(name, mode, TIME).withOwner(uid, gid), new byte[0]);
  }

  Tars symlink(String name, String target) {
    return put(TarEntry.symlink(name, target, TIME).withOwner(uid, gid), new byte[0]);
  }

  Tars hardLink(String name, String target) {
    return put(TarEntry.hardLink(name, target, TIME).withOwner(uid, gid), new byte[0]);
  }

  Tars fifo(String name) {
    return put(
        new TarEntry(name, TarType.FIFO, 0600, uid, gid, 0, TIME, "", 0, 0, Map.of()), new byte[0]);
  }

  Tars put(TarEntry entry, byte[] body) {
    try {
      writer.put(entry);
      writer.write(body, 0, body.length);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes() {
    try {
      writer.finish();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  InputStream stream() {
    return new ByteArrayInputStream(bytes());
  }

  /**
   * One line for each entry: type, mode, owner if not the tester, time, size, name, link, xattrs.
   */
  static List<String> list(byte[] archive) throws IOException {
    TarReader reader = new TarReader(new ByteArrayInputStream(archive));
    List<String> lines = new ArrayList<>();
    for (var next = reader.next(); next.isPresent(); next = reader.next()) {
      TarEntry entry = next.get();
      StringBuilder line = new StringBuilder();
      line.append(entry.type()).append(' ').append(Integer.toOctalString(entry.mode()));
      line.append(' ').append(entry.modified().seconds()).append(' ').append(entry.size());
      line.append(' ').append(entry.name());
      line.append(entry.linkName().isEmpty() ? "" : " -> " + entry.linkName());
      entry.xattrs().keySet().forEach(name -> line.append(" +").append(name));
      lines.add(line.toString());
    }
    return lines;
  }

  /** The names of the entries only. */
  static List<String> names(byte[] archive) throws IOException {
    TarReader reader = new TarReader(new ByteArrayInputStream(archive));
    List<String> names = new ArrayList<>();
    for (var next = reader.next(); next.isPresent(); next = reader.next()) {
      names.add(next.get().name());
    }
    return names;
  }

  private static long me(String attribute) {
    try {
      return ((Number) Files.getAttribute(Path.of("/proc/self"), attribute)).longValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
