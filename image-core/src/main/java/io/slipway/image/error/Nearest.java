package io.slipway.image.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The name that somebody who mistyped probably meant. */
public final class Nearest {
  private static final int FARTHEST = 2;

  private Nearest() {}

  /** The nearest of the names by edits, if one is at most two edits and half its length away. */
  public static Optional<String> to(String typed, Collection<String> names) {
    return names.stream()
        .filter(n -> edits(typed, n) <= Math.min(FARTHEST, Math.max(1, n.length() / 2)))
        .min(
            Comparator.comparingInt((String n) -> edits(typed, n))
                .thenComparingInt(n -> Math.abs(n.length() - typed.length()))
                .thenComparing(n -> n));
  }

  /** Edits between two words: a letter more, less, changed, or two neighbours swapped. */
  public static int edits(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = i == 0 || j == 0 ? i + j : cheapest(d, a, b, i, j);
      }
    }
    return d[a.length()][b.length()];
  }

  private static int cheapest(int[][] d, String a, String b, int i, int j) {
    int change = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
  }
}
