package io.slipway.runtime.seccomp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lays a graph out as instructions, last one first: followers are already placed when a node is, so
 * every jump goes forward by a known distance. Tests reach 255 instructions; what lies further gets
 * a jump in between (or a second copy, if it is a return, which costs the same).
 */
final class BpfEmitter {
  private static final int REACH = 255;

  private final BpfGraph graph;
  private final List<BpfInstruction> reversed = new ArrayList<>();

  /** Node to its nearest copy, as a position counted from the end. */
  private final Map<Integer, Integer> placed = new HashMap<>();

  private BpfEmitter(BpfGraph graph) {
    this.graph = graph;
  }

  static List<BpfInstruction> emit(BpfGraph graph, int entry) {
    BpfEmitter emitter = new BpfEmitter(graph);
    emitter.place(entry);
    emitter.fallInto(entry);
    List<BpfInstruction> program = new ArrayList<>(emitter.reversed);
    Collections.reverse(program);
    return program;
  }

  private void place(int id) {
    if (placed.containsKey(id)) {
      return;
    }
    BpfGraph.Node node = graph.node(id);
    switch (node.code()) {
      case BpfInstruction.RETURN -> put(id, 0, 0);
      case BpfInstruction.LOAD, BpfInstruction.AND -> {
        place(node.yes());
        fallInto(node.yes());
        put(id, 0, 0);
      }
      default -> {
        place(node.yes());
        place(node.no());
        bringWithin(node.yes(), REACH - 1);
        bringWithin(node.no(), REACH);
        put(id, distance(node.yes()), distance(node.no()));
      }
    }
  }

  private void put(int id, int yes, int no) {
    BpfGraph.Node node = graph.node(id);
    reversed.add(new BpfInstruction(node.code(), yes, no, node.operand()));
    placed.put(id, reversed.size() - 1);
  }

  /** Instructions between the one that comes next (in front) and the node. */
  private int distance(int id) {
    return reversed.size() - 1 - placed.get(id);
  }

  private void fallInto(int id) {
    bringWithin(id, 0);
  }

  private void bringWithin(int id, int reach) {
    int distance = distance(id);
    if (distance <= reach) {
      return;
    }
    BpfGraph.Node node = graph.node(id);
    reversed.add(
        node.code() == BpfInstruction.RETURN
            ? new BpfInstruction(BpfInstruction.RETURN, 0, 0, node.operand())
            : new BpfInstruction(BpfInstruction.JUMP, 0, 0, distance));
    placed.put(id, reversed.size() - 1);
  }
}
