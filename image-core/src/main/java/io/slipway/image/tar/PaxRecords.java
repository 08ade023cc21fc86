package io.slipway.image.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The records of a PAX extended header: {@code "LENGTH KEY=VALUE\n"}, the length counting itself.
 * Values are raw bytes; the standard's UTF-8 does not hold for extended attributes.
 */
final class PaxRecords {
  static final String XATTR_PREFIX = "SCHILY.xattr.";
  private static final int NANO_DIGITS = 9;

  private PaxRecords() {}

  static Map<String, byte[]> parse(byte[] data, int length) {
    Map<String, byte[]> records = new HashMap<>();
    int at = 0;
    while (at < length && data[at] != 0) {
      int space = indexOf(data, at, Math.min(length, at + 12), ' ');
      int size = (int) decimal(data, at, space);
      int end = at + size;
      if (size < 5 || end > length || data[end - 1] != '\n') {
        throw TarBlock.malformed("pax record has a wrong length");
      }
      int equals = indexOf(data, space + 1, end - 1, '=');
      String key = TarText.decode(data, space + 1, equals - space - 1);
      byte[] value = new byte[end - 1 - equals - 1];
      System.arraycopy(data, equals + 1, value, 0, value.length);
      records.put(key, value);
      at = end;
    }
    return records;
  }

  static void append(ByteArrayOutputStream out, String key, byte[] value) {
    byte[] keyBytes = TarText.encode(key);
    int content = keyBytes.length + value.length + 3;
    int total = content + Integer.toString(content).length();
    if (Integer.toString(total).length() > Integer.toString(content).length()) {
      total++;
    }
    out.writeBytes((total + " ").getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(keyBytes);
    out.write('=');
    out.writeBytes(value);
    out.write('\n');
  }

  static String text(byte[] value) {
    return TarText.decode(value, 0, value.length);
  }

  static long number(byte[] value, String key) {
    try {
      return Long.parseLong(text(value));
    } catch (NumberFormatException e) {
      throw TarBlock.malformed("pax " + key + " is not a number");
    }
  }

  /** {@code 1700000000.123456789}, possibly negative; digits beyond nanoseconds are dropped. */
  static TarTime time(byte[] value) {
    String text = text(value);
    int dot = text.indexOf('.');
    String whole = dot < 0 ? text : text.substring(0, dot);
    String fraction = dot < 0 ? "" : text.substring(dot + 1);
    try {
      long seconds = whole.isEmpty() || whole.equals("-") ? 0 : Long.parseLong(whole);
      int nanos = nanos(fraction);
      boolean negative = text.startsWith("-");
      return negative && nanos > 0
          ? new TarTime(Math.subtractExact(seconds, 1), 1_000_000_000 - nanos)
          : new TarTime(seconds, nanos);
    } catch (NumberFormatException | ArithmeticException e) {
      throw TarBlock.malformed("pax mtime is not a time");
    }
  }

  private static int nanos(String fraction) {
    int nanos = 0;
    for (int i = 0; i < NANO_DIGITS; i++) {
      char c = i < fraction.length() ? fraction.charAt(i) : '0';
      if (c < '0' || c > '9') {
        throw new NumberFormatException(fraction);
      }
      nanos = nanos * 10 + (c - '0');
    }
    return nanos;
  }

  private static long decimal(byte[] data, int from, int to) {
    long value = 0;
    if (from == to) {
      throw TarBlock.malformed("pax record without a length");
    }
    for (int i = from; i < to; i++) {
      if (data[i] < '0' || data[i] > '9') {
        throw TarBlock.malformed("pax record without a length");
      }
      value = value * 10 + (data[i] - '0');
    }
    return Math.min(value, Integer.MAX_VALUE / 2);
  }

  private static int indexOf(byte[] data, int from, int to, char wanted) {
    for (int i = from; i < to; i++) {
      if (data[i] == wanted) {
        return i;
      }
    }
    throw TarBlock.malformed("pax record without '" + wanted + "'");
  }
}
