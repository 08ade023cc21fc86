package io.slipway.registry.config;

import io.slipway.image.error.SlipwayException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which tags of which repositories go: all that match and that nothing here keeps. A tag that
 * several rules match stays if one of them keeps it; one that no rule matches stays.
 *
 * @param keep how many stay in a repository, those set last
 * @param pushedWithin tags set within this time stay; zero: that alone keeps none
 * @param pulledWithin tags whose manifest was pulled within this time stay; zero likewise
 * @param immutableToo whether tags that clients may not move or delete go as well
 */
public record RetentionRule(
    TagPattern tags, int keep, Duration pushedWithin, Duration pulledWithin, boolean immutableToo) {
  private static final Pattern EVERY_TAG = Pattern.compile("");

  public RetentionRule {
    Objects.requireNonNull(tags, "tags");
    Objects.requireNonNull(pushedWithin, "pushedWithin");
    Objects.requireNonNull(pulledWithin, "pulledWithin");
    if (keep < 0 || pushedWithin.isNegative() || pulledWithin.isNegative()) {
      throw SlipwayException.invalid("a retention rule must not have negative numbers");
    }
  }

  /**
   * Words: a pattern of repositories, then any of {@code tags=REGEX}, {@code keep=N}, {@code
   * pushed=TIME}, {@code pulled=TIME}, {@code immutable}. A rule that keeps nothing is refused: it
   * is more likely a mistake.
   */
  public static RetentionRule parse(String text) {
    Pattern tags = EVERY_TAG;
    Optional<Integer> keep = Optional.empty();
    Duration pushed = Duration.ZERO;
    Duration pulled = Duration.ZERO;
    boolean immutable = false;
    String[] words = text.strip().split("\\s+");
    for (int i = 1; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      String value = words[i].substring(equals + 1);
      switch (equals < 0 ? words[i] : words[i].substring(0, equals)) {
        case "tags" -> tags = TagPattern.expression(value);
        case "keep" -> keep = Optional.of(number(text, value));
        case "pushed" -> pushed = SettingsReader.duration("pushed", value);
        case "pulled" -> pulled = SettingsReader.duration("pulled", value);
        case "immutable" -> immutable = true;
        default -> throw invalid(text, "unknown word " + words[i]);
      }
    }
    if (keep.isEmpty() && pushed.isZero() && pulled.isZero()) {
      throw invalid(text, "say what stays: keep=N, pushed=TIME or pulled=TIME");
    }
    return new RetentionRule(
        new TagPattern(new RepositoryPattern(words[0]), tags),
        keep.orElse(0),
        pushed,
        pulled,
        immutable);
  }

  private static int number(String text, String value) {
    try {
      return Integer.parseUnsignedInt(value);
    } catch (NumberFormatException e) {
      throw invalid(text, "keep needs a number, not " + value);
    }
  }

  private static SlipwayException invalid(String text, String reason) {
    return SlipwayException.invalid("invalid retention rule \"%s\": %s".formatted(text, reason));
  }
}
