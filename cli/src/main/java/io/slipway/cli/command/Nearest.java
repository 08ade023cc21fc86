package io.slipway.cli.command;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The name that somebody who mistyped probably meant. */
final class Nearest {
  private static final int FARTHEST = 2;

  private Nearest() {}

  /** The nearest of the names by edits, if one is at most two edits and half its length away. */
  static Optional<String> to(String typed, Collection<String> names) {
    return names.stream()
        .filter(n -> edits(typed, n) <= Math.min(FARTHEST, Math.max(1, n.length() / 2)))
        .min(Comparator.comparingInt((String n) -> edits(typed, n)).thenComparing(n -> n));
  }

  /** Levenshtein distance. */
  static int edits(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(previous[j], row[j - 1]) + 1);
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
