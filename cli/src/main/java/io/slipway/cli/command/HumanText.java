package io.slipway.cli.command;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Sizes, ages and ids in the words docker uses. */
final class HumanText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xx z", Locale.ROOT);

  private HumanText() {}

  /** Decimal units with four significant digits, as docker prints sizes: {@code 4.26MB}. */
  static String size(long bytes) {
    double value = bytes;
    String[] units = {"B", "kB", "MB", "GB", "TB", "PB"};
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return significant(value, 3) + units[unit];
  }

  /** Binary units, as docker prints memory: {@code 23.4GiB}. */
  static String binarySize(long bytes) {
    double value = bytes;
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return significant(value, 4) + units[unit];
  }

  /** Go's %.Ng: N significant digits, no trailing zeros. */
  static String significant(double value, int digits) {
    java.math.BigDecimal rounded =
        new java.math.BigDecimal(value)
            .round(new java.math.MathContext(digits, java.math.RoundingMode.HALF_EVEN));
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /** A time as Go prints it: {@code 2026-11-30 14:55:30.954919166 +0000 UTC}. */
  static String goTime(String rfc3339) {
    String text = Instant.parse(rfc3339).toString().replace('T', ' ').replace("Z", "");
    return (text.contains(".") ? text.replaceAll("0+$", "") : text) + " +0000 UTC";
  }

  /** How long ago, in docker's words: {@code About an hour}. */
  static String age(Duration age) {
    long seconds = age.toSeconds();
    long minutes = age.toMinutes();
    long hours = Math.round(age.toMinutes() / 60.0);
    if (seconds < 1) {
      return "Less than a second";
    } else if (seconds == 1) {
      return "1 second";
    } else if (seconds < 60) {
      return seconds + " seconds";
    } else if (minutes == 1) {
      return "About a minute";
    } else if (minutes < 60) {
      return minutes + " minutes";
    } else if (hours == 1) {
      return "About an hour";
    } else if (hours < 48) {
      return hours + " hours";
    } else if (hours < 24 * 7 * 2) {
      return hours / 24 + " days";
    } else if (hours < 24 * 30 * 2) {
      return hours / 24 / 7 + " weeks";
    } else if (hours < 24 * 365 * 2) {
      return hours / 24 / 30 + " months";
    }
    return age.toHours() / 24 / 365 + " years";
  }

  /** The age of something made at a unix time, with "ago"; images without a time have none. */
  static String ago(long unixSeconds) {
    return unixSeconds <= 0
        ? "N/A"
        : age(Duration.between(Instant.ofEpochSecond(unixSeconds), Instant.now())) + " ago";
  }

  /** A unix time as Go prints it: {@code 2026-01-02 15:04:05 +0000 UTC}. */
  static String time(long unixSeconds) {
    return TIME.format(Instant.ofEpochSecond(unixSeconds).atZone(ZoneId.systemDefault()));
  }

  /** The first twelve digits of an id, without its algorithm. */
  static String shortId(String id) {
    String hex = id.substring(id.indexOf(':') + 1);
    return hex.length() > 12 ? hex.substring(0, 12) : hex;
  }

  /** Cut with an ellipsis, as docker cuts the COMMAND and CREATED BY columns. */
  static String cut(String text, int width) {
    return text.codePointCount(0, text.length()) <= width
        ? text
        : text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
  }

  /** Seconds with one decimal, for progress: {@code 0.3s}. */
  static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1fs", time.toMillis() / 1000.0);
  }
}
