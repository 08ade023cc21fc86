package io.slipway.builder.solver;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.progress.BuildEvent;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Shows the output of a step to every build that waits for it. Who comes late sees what comes from
 * then on.
 */
final class SharedOutputs {
  private final Map<CacheKey, Set<StepOutput>> sinks = new HashMap<>();

  /** The output of the one run of {@code key}: goes to all who joined. */
  StepOutput of(CacheKey key) {
    return new StepOutput() {
      @Override
      public void log(BuildEvent.Stream stream, byte[] buffer, int offset, int length) {
        joined(key).forEach(sink -> sink.log(stream, buffer, offset, length));
      }

      @Override
      public void progress(String item, long current, OptionalLong total) {
        joined(key).forEach(sink -> sink.progress(item, current, total));
      }
    };
  }

  /** Shows the key's output to {@code sink} until the returned handle is closed. */
  Joined join(CacheKey key, StepOutput sink) {
    synchronized (sinks) {
      sinks.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(sink);
    }
    return () -> leave(key, sink);
  }

  private void leave(CacheKey key, StepOutput sink) {
    synchronized (sinks) {
      Set<StepOutput> all = sinks.get(key);
      all.remove(sink);
      if (all.isEmpty()) {
        sinks.remove(key);
      }
    }
  }

  private Set<StepOutput> joined(CacheKey key) {
    synchronized (sinks) {
      return Set.copyOf(sinks.getOrDefault(key, Set.of()));
    }
  }

  /** A place in the audience. */
  interface Joined extends AutoCloseable {
    @Override
    void close();
  }
}
