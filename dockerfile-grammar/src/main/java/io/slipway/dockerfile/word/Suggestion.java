package io.slipway.dockerfile.word;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** The nearest known name to one that is not known, as {@code " (did you mean x?)"}. */
public final class Suggestion {

  /** As many single-character edits make two names too different. */
  private static final int TOO_FAR = 3;

  private Suggestion() {}

  /** Compares exactly; empty text if nothing is near. */
  public static String exactCase(String name, Collection<String> known) {
    return nearest(name, known).map(Suggestion::text).orElse("");
  }

  /** Compares without case and suggests in the case that {@code name} has. */
  public static String anyCase(String name, Collection<String> known) {
    String lower = name.toLowerCase(Locale.ROOT);
    return nearest(lower, known.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList())
        .map(word -> text(name.equals(lower) ? word : word.toUpperCase(Locale.ROOT)))
        .orElse("");
  }

  /** The nearest of {@code known}, compared exactly; nothing if nothing is near or equal. */
  public static Optional<String> nearest(String name, Collection<String> known) {
    Optional<String> best = Optional.empty();
    int bestDistance = TOO_FAR;
    for (String candidate : known) {
      if (Math.abs(candidate.length() - name.length()) >= TOO_FAR) {
        continue;
      }
      int distance = distance(name, candidate);
      if (distance == 0) {
        return Optional.empty();
      }
      if (distance < bestDistance) {
        best = Optional.of(candidate);
        bestDistance = distance;
      }
    }
    return best;
  }

  private static String text(String word) {
    return " (did you mean " + word + "?)";
  }

  /** Levenshtein's: insertions, deletions and replacements. */
  private static int distance(String left, String right) {
    int[] row = new int[right.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[right.length()];
  }
}
