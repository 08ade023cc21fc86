package io.slipway.runtime.seccomp;

import java.util.Objects;

/**
 * One comparison of a rule.
 *
 * @param index which argument, 0 to 5
 * @param operator the comparison
 * @param value the right side, or the mask of a masked comparison
 * @param valueTwo what a masked argument must equal
 */
public record ArgCondition(int index, ArgOperator operator, long value, long valueTwo) {
  private static final int MAX_INDEX = 5;

  public ArgCondition {
    Objects.requireNonNull(operator, "operator");
    if (index < 0 || index > MAX_INDEX) {
      throw new IllegalArgumentException("a system call has arguments 0 to 5, not " + index);
    }
  }
}
