package io.slipway.runtime.seccomp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A filter as a graph of decisions, built from its ends upwards. Equal nodes are made once, so
 * equal tails of different rules share their code. Nodes are numbers; a node's followers have
 * smaller ones.
 */
final class BpfGraph {
  /** One node. A test has two followers, a load or mask one ({@code yes}), a return none. */
  record Node(int code, int operand, int yes, int no) {}

  private static final int NOWHERE = -1;

  private final List<Node> nodes = new ArrayList<>();
  private final Map<Node, Integer> known = new HashMap<>();

  int returns(int value) {
    return add(new Node(BpfInstruction.RETURN, value, NOWHERE, NOWHERE));
  }

  /** Reads the 32-bit word at {@code offset} of {@code struct seccomp_data}, then goes on. */
  int load(int offset, int next) {
    return add(new Node(BpfInstruction.LOAD, offset, next, NOWHERE));
  }

  int mask(int mask, int next) {
    return add(new Node(BpfInstruction.AND, mask, next, NOWHERE));
  }

  /** Compares the word just read; a test that cannot matter is left out. */
  int test(int code, int operand, int yes, int no) {
    return yes == no ? yes : add(new Node(code, operand, yes, no));
  }

  Node node(int id) {
    return nodes.get(id);
  }

  private int add(Node node) {
    return known.computeIfAbsent(
        node,
        n -> {
          nodes.add(n);
          return nodes.size() - 1;
        });
  }
}
