package io.slipway.runtime.seccomp;

import java.util.ArrayList;
import java.util.List;

/**
 * Argument comparisons as graph nodes. BPF works on 32-bit words, so a 64-bit argument is compared
 * by its upper half first ({@code struct seccomp_data} of a little-endian machine: the lower half
 * comes first in memory).
 */
final class ArgTests {
  private static final int ARGS_OFFSET = 16;
  private static final int ARG_BYTES = 8;
  private static final int HALF_BYTES = 4;

  private final BpfGraph graph;

  ArgTests(BpfGraph graph) {
    this.graph = graph;
  }

  /** Goes to {@code yes} if the rule's conditions hold, else to {@code no}. */
  int rule(List<ArgCondition> conditions, int yes, int no) {
    return namesOneArgumentTwice(conditions)
        ? anyOf(conditions, yes, no)
        : allOf(conditions, yes, no);
  }

  /** libseccomp cannot take one argument twice in a rule; runc makes them alternatives then. */
  private static boolean namesOneArgumentTwice(List<ArgCondition> conditions) {
    return conditions.stream().map(ArgCondition::index).distinct().count() < conditions.size();
  }

  private int allOf(List<ArgCondition> conditions, int yes, int no) {
    int next = yes;
    for (ArgCondition condition : new ArrayList<>(conditions).reversed()) {
      next = condition(condition, next, no);
    }
    return next;
  }

  private int anyOf(List<ArgCondition> conditions, int yes, int no) {
    int next = no;
    for (ArgCondition condition : new ArrayList<>(conditions).reversed()) {
      next = condition(condition, yes, next);
    }
    return next;
  }

  private int condition(ArgCondition c, int yes, int no) {
    int low = ARGS_OFFSET + c.index() * ARG_BYTES;
    return switch (c.operator()) {
      case SCMP_CMP_EQ -> equal(low, c.value(), yes, no);
      case SCMP_CMP_NE -> equal(low, c.value(), no, yes);
      case SCMP_CMP_GT -> above(BpfInstruction.JUMP_GREATER, low, c.value(), yes, no);
      case SCMP_CMP_GE -> above(BpfInstruction.JUMP_GREATER_EQUAL, low, c.value(), yes, no);
      case SCMP_CMP_LE -> above(BpfInstruction.JUMP_GREATER, low, c.value(), no, yes);
      case SCMP_CMP_LT -> above(BpfInstruction.JUMP_GREATER_EQUAL, low, c.value(), no, yes);
      case SCMP_CMP_MASKED_EQ -> masked(low, c.value(), c.valueTwo(), yes, no);
    };
  }

  private int equal(int offset, long value, int yes, int no) {
    int low = graph.test(BpfInstruction.JUMP_EQUAL, (int) value, yes, no);
    int lowHalf = graph.load(offset, low);
    int high = graph.test(BpfInstruction.JUMP_EQUAL, upper(value), lowHalf, no);
    return graph.load(offset + HALF_BYTES, high);
  }

  private int above(int code, int offset, long value, int yes, int no) {
    int lowHalf = graph.load(offset, graph.test(code, (int) value, yes, no));
    int equal = graph.test(BpfInstruction.JUMP_EQUAL, upper(value), lowHalf, no);
    int greater = graph.test(BpfInstruction.JUMP_GREATER, upper(value), yes, equal);
    return graph.load(offset + HALF_BYTES, greater);
  }

  private int masked(int offset, long mask, long value, int yes, int no) {
    int lowHalf = maskedHalf(offset, (int) mask, (int) value, yes, no);
    return maskedHalf(offset + HALF_BYTES, upper(mask), upper(value), lowHalf, no);
  }

  private int maskedHalf(int offset, int mask, int value, int yes, int no) {
    if (mask == 0 && value == 0) {
      return yes;
    }
    int test = graph.test(BpfInstruction.JUMP_EQUAL, value, yes, no);
    return graph.load(offset, graph.mask(mask, test));
  }

  private static int upper(long value) {
    return (int) (value >>> Integer.SIZE);
  }
}
