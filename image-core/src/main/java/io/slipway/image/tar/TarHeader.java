package io.slipway.image.tar;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.util.HashMap;
import java.util.Map;

/** One header block together with the extended records before it, made into an entry. */
final class TarHeader {
  private static final int MODE_BITS = 07777;

  private final byte[] block;
  private final int at;
  private final Map<String, byte[]> pax;

  TarHeader(byte[] block, int at, Map<String, byte[]> pax) {
    this.block = block;
    this.at = at;
    this.pax = pax;
  }

  TarEntry entry() {
    String name = name();
    TarType type = type(name);
    long size = number("size", 124, 12);
    long uid = number("uid", 108, 8);
    long gid = number("gid", 116, 8);
    if (size < 0 || uid < 0 || gid < 0) {
      throw TarBlock.malformed("negative size or owner of \"" + name + "\"");
    }
    int major = type.isDevice() ? device(329) : 0;
    int minor = type.isDevice() ? device(337) : 0;
    int mode = (int) TarBlock.number(block, at + 100, 8, "mode") & MODE_BITS;
    return new TarEntry(
        withoutTrailingSlash(name),
        type,
        mode,
        uid,
        gid,
        type == TarType.FILE ? size : 0,
        modified(),
        type.isLink() ? text("linkpath", 157, TarBlock.NAME_LENGTH) : "",
        major,
        minor,
        xattrs());
  }

  private String name() {
    if (has("path")) {
      return PaxRecords.text(pax.get("path"));
    }
    String name = TarBlock.text(block, at, TarBlock.NAME_LENGTH);
    if (TarBlock.isUstar(block, at)) {
      String prefix = TarBlock.text(block, at + TarBlock.PREFIX, TarBlock.PREFIX_LENGTH);
      return prefix.isEmpty() ? name : prefix + "/" + name;
    }
    return name;
  }

  private TarType type(String name) {
    if (pax.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse."))) {
      throw unsupported("sparse file", name);
    }
    char flag = (char) block[at + TarBlock.TYPE];
    return switch (flag) {
      // Old tars have no type for directories, only the slash.
      case '0', '\0', '7' -> name.endsWith("/") ? TarType.DIRECTORY : TarType.FILE;
      case '1' -> TarType.HARD_LINK;
      case '2' -> TarType.SYMLINK;
      case '3' -> TarType.CHAR_DEVICE;
      case '4' -> TarType.BLOCK_DEVICE;
      case '5' -> TarType.DIRECTORY;
      case '6' -> TarType.FIFO;
      case 'S' -> throw unsupported("sparse file", name);
      default -> throw unsupported("entry of type '" + flag + "'", name);
    };
  }

  private TarTime modified() {
    if (has("mtime")) {
      return PaxRecords.time(pax.get("mtime"));
    }
    return new TarTime(TarBlock.number(block, at + 136, 12, "mtime"), 0);
  }

  private Map<String, byte[]> xattrs() {
    Map<String, byte[]> found = new HashMap<>();
    pax.forEach((key, value) -> {
      if (key.startsWith(PaxRecords.XATTR_PREFIX)) {
        found.put(key.substring(PaxRecords.XATTR_PREFIX.length()), value);
      }
    });
    return found;
  }

  private String text(String key, int offset, int length) {
    return has(key) ? PaxRecords.text(pax.get(key)) : TarBlock.text(block, at + offset, length);
  }

  private long number(String key, int offset, int length) {
    return has(key)
        ? PaxRecords.number(pax.get(key), key)
        : TarBlock.number(block, at + offset, length, key);
  }

  private int device(int offset) {
    long number = TarBlock.number(block, at + offset, 8, "device number");
    if (number < 0 || number > Integer.MAX_VALUE) {
      throw TarBlock.malformed("device number is out of range");
    }
    return (int) number;
  }

  /** An empty value takes back a record, POSIX pax "extended header". */
  private boolean has(String key) {
    byte[] value = pax.get(key);
    return value != null && value.length > 0;
  }

  private static String withoutTrailingSlash(String name) {
    int end = name.length();
    while (end > 1 && name.charAt(end - 1) == '/') {
      end--;
    }
    return name.substring(0, end);
  }

  private static SlipwayException unsupported(String what, String name) {
    return new SlipwayException(
        ErrorKind.UNSUPPORTED,
        "tar holds a " + what + " (\"" + name + "\"), which is not supported");
  }
}
