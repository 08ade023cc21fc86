package io.slipway.dockerfile.word;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What a word stands for.
 *
 * @param text the value as one string
 * @param words the value split at blanks that were neither quoted nor escaped, blanks out of
 *     variables included; only EXPOSE wants several words
 * @param used names of the set variables it read, in order of first use
 * @param undefined names of the unset variables it read, also those with a default such as {@code
 *     ${x:-y}}, in order of first use
 */
public record Expansion(String text, List<String> words, Set<String> used, Set<String> undefined) {

  public Expansion {
    Objects.requireNonNull(text, "text");
    words = List.copyOf(words);
    used = Collections.unmodifiableSet(new LinkedHashSet<>(used));
    undefined = Collections.unmodifiableSet(new LinkedHashSet<>(undefined));
  }
}
