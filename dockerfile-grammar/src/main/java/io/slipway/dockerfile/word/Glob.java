package io.slipway.dockerfile.word;

import java.util.ArrayList;
import java.util.List;

/**
 * The patterns of {@code ${n#p}}, {@code ${n%p}} and {@code ${n/p/r}}: {@code *} and {@code ?}
 * match anything but a line break, everything else matches itself. Matching takes time proportional
 * to pattern times value, whatever the pattern.
 */
final class Glob {

  private static final int ANY_TEXT = -1;
  private static final int ANY_CHARACTER = -2;

  private final int[] elements;

  private Glob(int[] elements) {
    this.elements = elements;
  }

  /**
   * @throws ExpansionException if a backslash stands before something that needs none
   */
  static Glob compile(String pattern) {
    int[] codePoints = pattern.codePoints().toArray();
    List<Integer> elements = new ArrayList<>();
    for (int i = 0; i < codePoints.length; i++) {
      switch (codePoints[i]) {
        case '*' -> elements.add(ANY_TEXT);
        case '?' -> elements.add(ANY_CHARACTER);
        case '\\' -> elements.add(escaped(pattern, codePoints, ++i));
        default -> elements.add(codePoints[i]);
      }
    }
    return new Glob(elements.stream().mapToInt(Integer::intValue).toArray());
  }

  /** The delimiters need their escape inside {@code ${}} only, the pattern characters here. */
  private static int escaped(String pattern, int[] codePoints, int index) {
    int codePoint = index < codePoints.length ? codePoints[index] : 0xFFFD;
    return switch (codePoint) {
      case '*', '?', '\\', '}', '/' -> codePoint;
      default ->
          throw new ExpansionException(
              "invalid pattern ("
                  + pattern
                  + ") in substitution: invalid escape '\\"
                  + Character.toString(codePoint)
                  + "'");
    };
  }

  /** {@code value} without the shortest or longest prefix that matches. */
  String trimPrefix(String value, boolean longest) {
    int[] text = value.codePoints().toArray();
    int end = new Search(text).matchEnd(0, longest);
    return end < 0 ? value : new String(text, end, text.length - end);
  }

  /** {@code value} without the shortest or longest suffix that matches. */
  String trimSuffix(String value, boolean longest) {
    int[] text = value.codePoints().toArray();
    int end = new Glob(reversed(elements)).new Search(reversed(text)).matchEnd(0, longest);
    return end < 0 ? value : new String(text, 0, text.length - end);
  }

  /** {@code value} with the first match, or every match, replaced; the longest at each place. */
  String replace(String value, String replacement, boolean all) {
    int[] text = value.codePoints().toArray();
    var search = new Search(text);
    var out = new BoundedText();
    int position = 0;
    int previousEnd = -1;
    while (position <= text.length) {
      int end = search.matchEnd(position, true);
      boolean found = end >= 0 && !(end == position && position == previousEnd);
      if (found) {
        out.append(replacement);
        previousEnd = end;
      }
      if (found && end > position) {
        position = end;
      } else if (!found || all) {
        if (position < text.length) {
          out.append(text[position]);
        }
        position++;
      }
      if (found && !all) {
        break;
      }
    }
    if (position < text.length) {
      out.append(new String(text, position, text.length - position));
    }
    return out.toString();
  }

  /** Matching in one text. */
  private final class Search {

    private final int[] text;
    private final int firstStar;

    /** No match starts at or before it, after the position that was tried last. */
    private int hopelessUntil = -1;

    Search(int[] text) {
      this.text = text;
      int star = 0;
      while (star < elements.length && elements[star] != ANY_TEXT) {
        star++;
      }
      this.firstStar = star;
    }

    /**
     * Where a match that starts at {@code start} ends, or -1. Follows all ways to match at once:
     * {@code reached[i]} says that the first i elements match the text read so far.
     */
    int matchEnd(int start, boolean longest) {
      if (start <= hopelessUntil) {
        return -1;
      }
      var reached = new boolean[elements.length + 1];
      reached[0] = true;
      closeOverStars(reached);
      int end = reached[elements.length] ? start : -1;
      int starEnd = text.length;
      int i = start;
      while (i < text.length && (longest || end < 0)) {
        if (text[i] == '\n' && i >= start + firstStar) {
          starEnd = Math.min(starEnd, i);
        }
        if (!step(reached, text[i])) {
          break;
        }
        closeOverStars(reached);
        i++;
        if (reached[elements.length]) {
          end = i;
        }
      }
      if (end < 0 && firstStar < elements.length && i >= start + firstStar) {
        // The star was reached and tried all text up to here, so a later start finds nothing new.
        hopelessUntil = Math.min(i, starEnd) - firstStar;
      }
      return end;
    }

    private boolean step(boolean[] reached, int codePoint) {
      boolean alive = false;
      for (int state = elements.length; state >= 0; state--) {
        boolean stays =
            state < elements.length
                && reached[state]
                && elements[state] == ANY_TEXT
                && codePoint != '\n';
        boolean arrives =
            state > 0 && reached[state - 1] && accepts(elements[state - 1], codePoint);
        reached[state] = stays || arrives;
        alive |= reached[state];
      }
      return alive;
    }
  }

  private static boolean accepts(int element, int codePoint) {
    return element == codePoint || (element == ANY_CHARACTER && codePoint != '\n');
  }

  private void closeOverStars(boolean[] reached) {
    for (int state = 0; state < elements.length; state++) {
      if (reached[state] && elements[state] == ANY_TEXT) {
        reached[state + 1] = true;
      }
    }
  }

  private static int[] reversed(int[] values) {
    int[] copy = new int[values.length];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = values[values.length - 1 - i];
    }
    return copy;
  }
}
