package io.slipway.registry.config;

import io.slipway.image.error.SlipwayException;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Tags of some repositories: those in which {@code tags}, a regular expression, is found. */
public record TagPattern(RepositoryPattern repositories, Pattern tags) {
  public TagPattern {
    Objects.requireNonNull(repositories, "repositories");
    Objects.requireNonNull(tags, "tags");
  }

  /** A pattern of repositories and a regular expression, in two words. */
  public static TagPattern parse(String text) {
    String[] words = text.strip().split("\\s+");
    if (words.length != 2) {
      throw SlipwayException.invalid(
          "invalid tag pattern \"%s\": give repositories and a regular expression, such as"
                  .formatted(text)
              + " \"team/* ^v[0-9]\"");
    }
    return new TagPattern(new RepositoryPattern(words[0]), expression(words[1]));
  }

  /** INVALID when it is no regular expression. */
  public static Pattern expression(String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw SlipwayException.invalid(
          "invalid regular expression \"%s\": %s".formatted(text, e.getDescription()));
    }
  }

  public boolean matches(String repository, String tag) {
    return repositories.matches(repository) && tags.matcher(tag).find();
  }
}
