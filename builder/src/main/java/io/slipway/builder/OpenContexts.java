package io.slipway.builder;

import io.slipway.builder.context.BuildContext;
import io.slipway.builder.graph.Op;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The files that came with a build, by the names of their contexts. */
final class OpenContexts implements AutoCloseable {
  private final Map<String, BuildContext> contexts = new LinkedHashMap<>();

  void put(String name, BuildContext context) {
    contexts.put(name, context);
  }

  BuildContext main() {
    return contexts.get(Op.LocalSource.MAIN);
  }

  Map<String, BuildContext> all() {
    return Collections.unmodifiableMap(contexts);
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    for (BuildContext context : contexts.values()) {
      try {
        context.close();
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
