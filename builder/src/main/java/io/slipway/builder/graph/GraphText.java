package io.slipway.builder.graph;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A graph as text, inputs before what uses them: for golden tests and for people. */
public final class GraphText {
  private final Map<Vertex, Integer> numbers = new LinkedHashMap<>();
  private final StringBuilder text = new StringBuilder();

  private GraphText() {}

  /** Everything {@code target} needs, and itself last. */
  public static String of(Vertex target) {
    var graph = new GraphText();
    graph.add(target);
    return graph.text.toString();
  }

  private void add(Vertex vertex) {
    if (numbers.containsKey(vertex)) {
      return;
    }
    vertex.inputs().forEach(this::add);
    numbers.put(vertex, numbers.size() + 1);
    text.append('#').append(numbers.get(vertex)).append(' ').append(vertex.op().identity().kind());
    if (!vertex.inputs().isEmpty()) {
      text.append(
          vertex.inputs().stream()
              .map(input -> "#" + numbers.get(input))
              .collect(Collectors.joining(" ", " on ", "")));
    }
    text.append("  ").append(vertex.info().name()).append('\n');
    for (Identity.Part part : vertex.op().identity().parts()) {
      text.append("   ").append(part.name()).append(": ");
      text.append(part.value().replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
    }
  }
}
