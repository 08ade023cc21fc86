package io.slipway.registry.config;

import io.slipway.image.error.SlipwayException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** So many in a period, such as {@code 100/s}; a count of 0, written {@code none}, is no limit. */
public record Rate(int count, Duration period) {
  private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,8})/([smh])");
  private static final Map<String, Duration> PERIODS =
      Map.of("s", Duration.ofSeconds(1), "m", Duration.ofMinutes(1), "h", Duration.ofHours(1));

  public static Rate parse(String text) {
    if (text.equals("none")) {
      return new Rate(0, Duration.ofSeconds(1));
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw SlipwayException.invalid(
          "want a rate such as 100/s, 600/m or none, got \"" + text + "\"");
    }
    return new Rate(Integer.parseInt(matcher.group(1)), PERIODS.get(matcher.group(2)));
  }

  public boolean isNone() {
    return count == 0;
  }
}
