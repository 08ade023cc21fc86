package io.slipway.registry.config;

import io.slipway.image.error.SlipwayException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The values that are written as one word. A {@code long} is a size in bytes; a letter alone or
 * with {@code iB} stands for powers of 1024, with {@code B} for powers of 1000.
 */
final class SettingText {
  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,15})\\s*([KMGT]?)(i?B)?", Pattern.CASE_INSENSITIVE);
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d|w)");
  private static final List<String> SIZES = List.of("K", "M", "G", "T");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1),
          "w", Duration.ofDays(7));

  private SettingText() {}

  /**
   * @param base the folder of relative paths
   * @throws SlipwayException INVALID with what was wanted
   */
  static Object parse(Class<?> type, String text, Path base) {
    if (type == String.class) {
      return text;
    }
    if (type == Path.class) {
      return base.resolve(required(text, "a path")).normalize();
    }
    if (type == boolean.class) {
      return bool(text);
    }
    if (type == int.class) {
      return integer(text);
    }
    if (type == double.class) {
      return decimal(text);
    }
    if (type == long.class) {
      return size(text);
    }
    if (type == Duration.class) {
      return duration(text);
    }
    if (type == URI.class) {
      return uri(text);
    }
    return type.isEnum() ? constant(type, text) : parsed(type, text);
  }

  private static String required(String text, String what) {
    if (text.isBlank()) {
      throw wanted(what, text);
    }
    return text;
  }

  private static boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wanted("true or false", text);
    };
  }

  private static int integer(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw wanted("a whole number", text);
    }
  }

  private static double decimal(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw wanted("a number", text);
    }
  }

  private static long size(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw wanted("a size such as 64MiB", text);
    }
    int power = SIZES.indexOf(matcher.group(2).toUpperCase(Locale.ROOT)) + 1;
    long step = "b".equalsIgnoreCase(matcher.group(3)) ? 1000 : 1024;
    try {
      long bytes = Long.parseLong(matcher.group(1));
      for (int i = 0; i < power; i++) {
        bytes = Math.multiplyExact(bytes, step);
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw wanted("a size below 8 EiB", text);
    }
  }

  private static Duration duration(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw wanted("a duration such as 30s, 5m or 24h", text);
    }
    return UNITS.get(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)));
  }

  private static URI uri(String text) {
    try {
      URI uri = URI.create(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw wanted("an http or https URL", text);
    }
    throw wanted("an http or https URL", text);
  }

  private static Object constant(Class<?> type, String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(c -> name(c).equals(text))
        .findFirst()
        .orElseThrow(() ->
            wanted(
                "one of "
                    + Arrays.stream(type.getEnumConstants())
                        .map(SettingText::name)
                        .collect(Collectors.joining(", ")),
                text));
  }

  static String name(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A type of ours that is written as one text. */
  private static Object parsed(Class<?> type, String text) {
    try {
      return type.getMethod("parse", String.class).invoke(null, text);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SlipwayException invalid) {
        throw invalid;
      }
      throw new IllegalStateException(type + " cannot parse", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " has no parse(String)", e);
    }
  }

  private static SlipwayException wanted(String what, String text) {
    return SlipwayException.invalid("want " + what + ", got \"" + text + "\"");
  }
}
