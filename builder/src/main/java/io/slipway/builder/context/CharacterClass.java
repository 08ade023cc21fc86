package io.slipway.builder.context;

import java.util.List;

/** {@code [a-z]} or {@code [^a-z]} of a pattern. */
record CharacterClass(boolean negated, List<CharacterClass.Range> ranges) {
  record Range(int low, int high) {}

  CharacterClass {
    ranges = List.copyOf(ranges);
  }

  boolean holds(int character) {
    for (Range range : ranges) {
      if (range.low <= character && character <= range.high) {
        return !negated;
      }
    }
    return negated;
  }
}
