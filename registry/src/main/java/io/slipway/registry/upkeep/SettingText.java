package io.slipway.registry.upkeep;

import io.slipway.image.error.SlipwayException;
import io.slipway.registry.store.Quota;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as people write them in options. */
public final class SettingText {
  private static final Pattern NUMBER = Pattern.compile("([0-9]{1,12})([A-Za-z]*)");
  private static final Map<String, Duration> TIME_UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1),
          "w", Duration.ofDays(7));
  private static final Map<String, Long> SIZE_UNITS =
      Map.of("", 1L, "b", 1L, "k", 1L << 10, "m", 1L << 20, "g", 1L << 30, "t", 1L << 40);

  private SettingText() {}

  /** {@code 90s}, {@code 15m}, {@code 24h}, {@code 30d}, {@code 2w}, {@code 0}. */
  public static Duration duration(String setting, String text) {
    Matcher number = NUMBER.matcher(text);
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    if (!number.matches() || !TIME_UNITS.containsKey(number.group(2))) {
      throw SlipwayException.invalid(
          "invalid %s \"%s\": give a time such as 90s, 15m, 24h or 30d".formatted(setting, text));
    }
    return TIME_UNITS.get(number.group(2)).multipliedBy(Long.parseLong(number.group(1)));
  }

  /** Bytes: {@code 1000}, {@code 64k}, {@code 10m}, {@code 1g}, {@code 2t} (powers of 1024). */
  public static long bytes(String setting, String text) {
    Matcher number = NUMBER.matcher(text);
    String unit = number.matches() ? number.group(2).toLowerCase(Locale.ROOT) : "?";
    if (unit.endsWith("ib")) {
      unit = unit.substring(0, unit.length() - 2);
    } else if (unit.length() == 2 && unit.endsWith("b")) {
      unit = unit.substring(0, 1);
    }
    if (!SIZE_UNITS.containsKey(unit)) {
      throw SlipwayException.invalid(
          "invalid %s \"%s\": give a size such as 500m, 20g or 1t".formatted(setting, text));
    }
    try {
      return Math.multiplyExact(Long.parseLong(number.group(1)), SIZE_UNITS.get(unit));
    } catch (ArithmeticException e) {
      throw SlipwayException.invalid("invalid %s \"%s\": too large".formatted(setting, text));
    }
  }

  /** A namespace or {@code *}, then any of {@code bytes=SIZE tags=N repositories=N}. */
  public static Quota quota(String text) {
    String[] words = text.strip().split("\\s+");
    long bytes = Long.MAX_VALUE;
    long tags = Long.MAX_VALUE;
    long repositories = Long.MAX_VALUE;
    for (int i = 1; i < words.length; i++) {
      String value = words[i].substring(words[i].indexOf('=') + 1);
      switch (words[i].replaceFirst("=.*", "")) {
        case "bytes" -> bytes = bytes("quota", value);
        case "tags" -> tags = bytes("quota", value);
        case "repositories" -> repositories = bytes("quota", value);
        default ->
            throw SlipwayException.invalid(
                "invalid quota \"%s\": unknown word %s".formatted(text, words[i]));
      }
    }
    if (words.length < 2) {
      throw SlipwayException.invalid(
          "invalid quota \"%s\": give limits, such as \"team bytes=10g tags=1000\""
              .formatted(text));
    }
    return new Quota(words[0], bytes, tags, repositories);
  }
}
