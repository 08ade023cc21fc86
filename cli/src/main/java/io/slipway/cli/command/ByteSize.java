package io.slipway.cli.command;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes on the command line: a number and b, k, m, g or t (powers of 1024), as docker reads them.
 */
final class ByteSize {
  private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?) ?([kmgtp])?(i?b)?");
  private static final Map<String, Integer> SHIFT =
      Map.of("k", 10, "m", 20, "g", 30, "t", 40, "p", 50);

  private ByteSize() {}

  static long parse(String option, String text) {
    if (text.equals("-1")) {
      return -1;
    }
    Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!form.matches()) {
      throw RunOption.invalid(option, text, "invalid size: '" + text + "'");
    }
    int shift = form.group(2) == null ? 0 : SHIFT.get(form.group(2));
    return new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(1L << shift)).longValue();
  }
}
