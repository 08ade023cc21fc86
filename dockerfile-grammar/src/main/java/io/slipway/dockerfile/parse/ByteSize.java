package io.slipway.dockerfile.parse;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 64m}, {@code 1.5 GiB}, {@code 4096}; all binary. */
final class ByteSize {

  private static final Pattern FORM =
      Pattern.compile("(\\d+(?:\\.\\d+)?) ?([kmgtp]?)i?b?", Pattern.CASE_INSENSITIVE);

  private static final String UNITS = "kmgtp";

  private ByteSize() {}

  /** The size in bytes; empty if {@code text} is none. */
  static OptionalLong parse(String text) {
    Matcher match = FORM.matcher(text);
    if (!match.matches() || text.length() > 30) {
      return OptionalLong.empty();
    }
    String unit = match.group(2).toLowerCase(Locale.ROOT);
    double factor = Math.pow(1024, unit.isEmpty() ? 0 : UNITS.indexOf(unit) + 1);
    double bytes = Double.parseDouble(match.group(1)) * factor;
    return bytes < Long.MAX_VALUE ? OptionalLong.of((long) bytes) : OptionalLong.empty();
  }
}
