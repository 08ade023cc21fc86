package io.slipway.image.tar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes an archive: {@link #put} an entry, {@link #write} exactly its {@code size} bytes, and so
 * on, then {@link #finish}. Headers are ustar; what does not fit goes into a PAX extended header
 * (names that are not plain ASCII, too long, large numbers, nanoseconds, extended attributes).
 * Equal entries give equal bytes. The stream is not closed.
 */
public final class TarWriter {
  private static final int BUFFER = 256 * 1024;
  private static final long OCTAL_7 = 07777777L;
  private static final long OCTAL_11 = 077777777777L;

  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER];
  private int fill;
  private long bodyLeft;
  private int padding;
  private long written;

  public TarWriter(OutputStream out) {
    this.out = out;
  }

  /** Starts an entry. */
  public void put(TarEntry entry) throws IOException {
    requireComplete();
    Map<String, byte[]> pax = new TreeMap<>();
    byte[] header = header(entry, pax);
    if (!pax.isEmpty()) {
      writePax(entry.name(), pax);
    }
    append(header, 0, header.length);
    bodyLeft = entry.size();
    padding = (int) (-entry.size() & (TarBlock.SIZE - 1));
    if (bodyLeft == 0) {
      padBody();
    }
  }

  /** Body bytes of the entry last put. */
  public void write(byte[] data, int offset, int length) throws IOException {
    if (length > bodyLeft) {
      throw new IOException("tar entry gets " + (length - bodyLeft) + " bytes more than its size");
    }
    append(data, offset, length);
    bodyLeft -= length;
    if (bodyLeft == 0) {
      padBody();
    }
  }

  /** Bytes written so far, all headers included. */
  public long written() {
    return written;
  }

  /** Ends the archive with two zero blocks and flushes. */
  public void finish() throws IOException {
    requireComplete();
    append(new byte[2 * TarBlock.SIZE], 0, 2 * TarBlock.SIZE);
    out.write(buffer, 0, fill);
    fill = 0;
    out.flush();
  }

  private void requireComplete() throws IOException {
    if (bodyLeft > 0) {
      throw new IOException("tar entry is " + bodyLeft + " bytes short");
    }
  }

  private void padBody() throws IOException {
    append(new byte[padding], 0, padding);
    padding = 0;
  }

  private void append(byte[] data, int offset, int length) throws IOException {
    written += length;
    if (length >= BUFFER) {
      out.write(buffer, 0, fill);
      fill = 0;
      out.write(data, offset, length);
      return;
    }
    int first = Math.min(length, BUFFER - fill);
    System.arraycopy(data, offset, buffer, fill, first);
    fill += first;
    if (fill == BUFFER) {
      out.write(buffer, 0, fill);
      fill = length - first;
      System.arraycopy(data, offset + first, buffer, 0, fill);
    }
  }

  private static byte[] header(TarEntry entry, Map<String, byte[]> pax) {
    byte[] block = new byte[TarBlock.SIZE];
    String slash = entry.type() == TarType.DIRECTORY && !entry.name().endsWith("/") ? "/" : "";
    putName(block, entry.name() + slash, pax);
    putLink(block, entry.linkName(), pax);
    octal(block, 100, 8, entry.mode());
    putNumber(block, 108, 8, entry.uid(), "uid", pax);
    putNumber(block, 116, 8, entry.gid(), "gid", pax);
    putNumber(block, 124, 12, entry.size(), "size", pax);
    putTime(block, entry.modified(), pax);
    block[TarBlock.TYPE] = (byte) entry.type().flag();
    ascii(block, TarBlock.MAGIC, "ustar\00000");
    if (entry.type().isDevice()) {
      octal(block, 329, 8, entry.deviceMajor());
      octal(block, 337, 8, entry.deviceMinor());
    }
    entry.xattrs().forEach((name, value) -> pax.put(PaxRecords.XATTR_PREFIX + name, value));
    seal(block);
    return block;
  }

  private static void putName(byte[] block, String name, Map<String, byte[]> pax) {
    byte[] bytes = TarText.encode(name);
    if (!isAscii(bytes)) {
      pax.put("path", bytes);
      ascii(block, 0, fallbackName(bytes));
      return;
    }
    if (bytes.length <= TarBlock.NAME_LENGTH) {
      System.arraycopy(bytes, 0, block, 0, bytes.length);
      return;
    }
    int split = splitForPrefix(bytes);
    if (split > 0) {
      System.arraycopy(bytes, 0, block, TarBlock.PREFIX, split);
      System.arraycopy(bytes, split + 1, block, 0, bytes.length - split - 1);
      return;
    }
    pax.put("path", bytes);
    ascii(block, 0, fallbackName(bytes));
  }

  /** The slash that divides a long name in a prefix and a name which both fit, or -1. */
  private static int splitForPrefix(byte[] name) {
    for (int i = Math.min(TarBlock.PREFIX_LENGTH, name.length - 2); i > 0; i--) {
      if (name[i] == '/') {
        return name.length - i - 1 <= TarBlock.NAME_LENGTH ? i : -1;
      }
    }
    return -1;
  }

  private static void putLink(byte[] block, String link, Map<String, byte[]> pax) {
    byte[] bytes = TarText.encode(link);
    if (isAscii(bytes) && bytes.length <= TarBlock.NAME_LENGTH) {
      System.arraycopy(bytes, 0, block, 157, bytes.length);
    } else {
      pax.put("linkpath", bytes);
      ascii(block, 157, fallbackName(bytes));
    }
  }

  private static void putNumber(
      byte[] block, int at, int length, long value, String key, Map<String, byte[]> pax) {
    boolean fits = value <= (length == 8 ? OCTAL_7 : OCTAL_11);
    if (!fits) {
      pax.put(key, Long.toString(value).getBytes(StandardCharsets.US_ASCII));
    }
    octal(block, at, length, fits ? value : 0);
  }

  private static void putTime(byte[] block, TarTime time, Map<String, byte[]> pax) {
    boolean fits = time.nanos() == 0 && time.seconds() >= 0 && time.seconds() <= OCTAL_11;
    if (!fits) {
      pax.put("mtime", paxTime(time).getBytes(StandardCharsets.US_ASCII));
    }
    octal(block, 136, 12, Math.clamp(time.seconds(), 0, OCTAL_11));
  }

  private static String paxTime(TarTime time) {
    if (time.nanos() == 0) {
      return Long.toString(time.seconds());
    }
    boolean negative = time.seconds() < 0;
    long seconds = negative ? -(time.seconds() + 1) : time.seconds();
    int nanos = negative ? 1_000_000_000 - time.nanos() : time.nanos();
    String text = (negative ? "-" : "") + seconds + "." + "%09d".formatted(nanos);
    return text.replaceFirst("0+$", "");
  }

  private void writePax(String name, Map<String, byte[]> records) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    records.forEach((key, value) -> PaxRecords.append(body, key, value));
    byte[] data = body.toByteArray();
    byte[] block = new byte[TarBlock.SIZE];
    String last = name.substring(name.lastIndexOf('/') + 1);
    ascii(block, 0, fallbackName(TarText.encode("PaxHeaders.0/" + last)));
    octal(block, 100, 8, 0);
    octal(block, 108, 8, 0);
    octal(block, 116, 8, 0);
    octal(block, 124, 12, data.length);
    octal(block, 136, 12, 0);
    block[TarBlock.TYPE] = 'x';
    ascii(block, TarBlock.MAGIC, "ustar\00000");
    seal(block);
    append(block, 0, block.length);
    append(data, 0, data.length);
    int rest = -data.length & (TarBlock.SIZE - 1);
    append(new byte[rest], 0, rest);
  }

  private static void seal(byte[] block) {
    Arrays.fill(block, TarBlock.CHECKSUM, TarBlock.CHECKSUM + 8, (byte) ' ');
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xFF;
    }
    octal(block, TarBlock.CHECKSUM, 7, sum);
  }

  /** What a reader without PAX shows: ASCII letters only, cut to the field. */
  private static String fallbackName(byte[] name) {
    StringBuilder text = new StringBuilder(TarBlock.NAME_LENGTH);
    for (int i = 0; i < name.length && text.length() < TarBlock.NAME_LENGTH; i++) {
      if (name[i] > 0) {
        text.append((char) name[i]);
      }
    }
    return text.toString();
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte b : bytes) {
      if (b <= 0) {
        return false;
      }
    }
    return true;
  }

  private static void ascii(byte[] block, int at, String text) {
    for (int i = 0; i < text.length(); i++) {
      block[at + i] = (byte) text.charAt(i);
    }
  }

  /** {@code length - 1} octal digits and a zero byte. */
  private static void octal(byte[] block, int at, int length, long value) {
    long rest = value;
    for (int i = at + length - 2; i >= at; i--) {
      block[i] = (byte) ('0' + (rest & 7));
      rest >>= 3;
    }
    block[at + length - 1] = 0;
  }
}
