package io.slipway.builder.context;

import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.PathBytes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The entries behind a content digest, as the bytes that were hashed.
 *
 * @param bytes a byte that says whether the tree is a context (1) or a stage's (0), then what
 *     {@link EntryDigest} hashed; owned by the listing, not to be changed
 */
public record ContentListing(byte[] bytes) {
  /** More than that is not kept: some 300,000 files. */
  public static final int MAX_BYTES = 32 << 20;

  private static final int MATCH = 5;
  private static final int CONTENT_BYTES = 32;

  /** What is known of one entry; what does not apply to its type is 0 or empty. */
  private record Entry(int type, int mode, int uid, int gid, ByteBuffer xattrs, ByteBuffer data) {}

  /** In which way an entry differs. */
  public enum Difference {
    ADDED("added"),
    REMOVED("removed"),
    TYPE("type"),
    CONTENT("content"),
    MODE("mode"),
    OWNER("owner"),
    ATTRIBUTES("attributes");

    private final String word;

    Difference(String word) {
      this.word = word;
    }

    /** For messages. */
    public String word() {
      return word;
    }
  }

  /**
   * An entry that is not the same in two listings.
   *
   * @param before the former mode or owner; empty for other differences
   */
  public record Change(String path, Difference difference, String before, String after) {}

  /** What is different in {@code now}, in the order of paths. */
  public List<Change> changesIn(ContentListing now) {
    Map<String, Entry> former = entries();
    Map<String, Entry> later = now.entries();
    var paths = new TreeMap<String, Entry>(former);
    paths.putAll(later);
    var changes = new ArrayList<Change>();
    for (String path : paths.keySet()) {
      Entry before = former.get(path);
      Entry after = later.get(path);
      if (before == null || after == null) {
        Difference difference = before == null ? Difference.ADDED : Difference.REMOVED;
        changes.add(new Change(path, difference, "", ""));
      } else if (!before.equals(after)) {
        changes.addAll(changes(path, before, after));
      }
    }
    return changes;
  }

  private static List<Change> changes(String path, Entry before, Entry after) {
    var changes = new ArrayList<Change>();
    if (before.type != after.type) {
      changes.add(new Change(path, Difference.TYPE, typeName(before.type), typeName(after.type)));
      return changes;
    }
    if (!before.data.equals(after.data)) {
      changes.add(new Change(path, Difference.CONTENT, "", ""));
    }
    if (before.mode != after.mode) {
      changes.add(new Change(path, Difference.MODE, octal(before.mode), octal(after.mode)));
    }
    if (before.uid != after.uid || before.gid != after.gid) {
      changes.add(
          new Change(
              path, Difference.OWNER, before.uid + ":" + before.gid, after.uid + ":" + after.gid));
    }
    if (!before.xattrs.equals(after.xattrs)) {
      changes.add(new Change(path, Difference.ATTRIBUTES, "", ""));
    }
    return changes;
  }

  private static String octal(int mode) {
    return "0" + Integer.toOctalString(mode);
  }

  private static String typeName(int type) {
    return switch (type) {
      case FileStatus.S_IFREG -> "file";
      case FileStatus.S_IFDIR -> "directory";
      case FileStatus.S_IFLNK -> "link";
      case FileStatus.S_IFCHR, FileStatus.S_IFBLK -> "device";
      default -> "special file";
    };
  }

  /** By path; a source that is matched twice counts once. Empty if the bytes are damaged. */
  private Map<String, Entry> entries() {
    var entries = new TreeMap<String, Entry>();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      boolean context = in.get() == 1;
      String match = "";
      while (in.hasRemaining()) {
        int type = in.getInt();
        if (type == MATCH) {
          in.position(in.position() + MATCH);
          match = text(in);
          continue;
        }
        String path = text(in);
        String separator = match.isEmpty() || path.isEmpty() ? "" : "/";
        entries.put(match + separator + path, entry(in, type, context));
      }
      return entries;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return Map.of();
    }
  }

  private static Entry entry(ByteBuffer in, int type, boolean context) {
    int mode = in.getInt();
    int uid = in.getInt();
    int gid = in.getInt();
    int start = in.position();
    if (!context) {
      for (int left = in.getInt(); left > 0; left--) {
        skip(in, in.getInt());
        skip(in, in.getInt());
      }
    }
    ByteBuffer xattrs = in.slice(start, in.position() - start);
    int data = in.position();
    switch (type) {
      case FileStatus.S_IFREG -> skip(in, Long.BYTES + CONTENT_BYTES);
      case FileStatus.S_IFLNK -> skip(in, in.getInt());
      case FileStatus.S_IFCHR, FileStatus.S_IFBLK -> skip(in, Long.BYTES);
      default -> {
        // nothing more is hashed of it
      }
    }
    return new Entry(type, mode, uid, gid, xattrs, in.slice(data, in.position() - data));
  }

  private static String text(ByteBuffer in) {
    byte[] text = new byte[in.getInt()];
    in.get(text);
    return PathBytes.decode(text);
  }

  private static void skip(ByteBuffer in, int count) {
    in.position(in.position() + count);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ContentListing listing && Arrays.equals(bytes, listing.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "listing of " + bytes.length + " bytes";
  }
}
