package io.slipway.registry.auth;

import io.slipway.image.error.SlipwayException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of repositories: {@code *} stands for any part of one path segment, {@code **} for any part
 * at all; {@code team/**} is everything below {@code team}, but not {@code team} itself.
 */
public final class NamePattern {
  private static final Pattern FORM = Pattern.compile("[a-z0-9._/*-]{1,255}");
  private static final Pattern STARS = Pattern.compile("\\*{1,2}");

  private final String text;
  private final Pattern pattern;
  private final boolean literal;

  private NamePattern(String text, Pattern pattern, boolean literal) {
    this.text = text;
    this.pattern = pattern;
    this.literal = literal;
  }

  public static NamePattern parse(String text) {
    if (!FORM.matcher(text).matches() || text.contains("***")) {
      throw SlipwayException.invalid(
          "invalid repository pattern \"" + text + "\": want a name with * or **");
    }
    StringBuilder regex = new StringBuilder();
    int end = 0;
    Matcher stars = STARS.matcher(text);
    while (stars.find()) {
      regex.append(Pattern.quote(text.substring(end, stars.start())));
      regex.append(stars.group().length() == 2 ? ".*" : "[^/]*");
      end = stars.end();
    }
    regex.append(Pattern.quote(text.substring(end)));
    return new NamePattern(text, Pattern.compile(regex.toString()), text.indexOf('*') < 0);
  }

  boolean matches(String name) {
    return literal ? text.equals(name) : pattern.matcher(name).matches();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NamePattern p && p.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
