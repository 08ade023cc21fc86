package io.slipway.builder.solver;

import io.slipway.builder.error.DockerfileException;
import io.slipway.builder.error.SourceExcerpt;
import io.slipway.builder.error.StepFailedException;
import io.slipway.builder.graph.Op;
import io.slipway.builder.graph.Vertex;
import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.progress.CacheMiss;
import io.slipway.builder.progress.StepId;
import io.slipway.image.model.Bytes;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Tells a build's listener about its steps. Sources without work are not told. */
final class StepEvents {
  private final BuildListener listener;
  private final Set<Vertex> told = ConcurrentHashMap.newKeySet();
  private final AtomicInteger cached = new AtomicInteger();

  StepEvents(BuildListener listener) {
    this.listener = listener;
  }

  int cachedSteps() {
    return cached.get();
  }

  /** A step's result is known, so nothing below it has to be done either. */
  void cached(Vertex vertex) {
    if (!told.add(vertex)) {
      return;
    }
    vertex.inputs().forEach(this::cached);
    if (isShown(vertex)) {
      if (!(vertex.op() instanceof Op.Source)) {
        cached.incrementAndGet();
      }
      listener.on(new BuildEvent.Cached(Instant.now(), id(vertex), vertex.info().name()));
    }
  }

  void started(Vertex vertex) {
    told.add(vertex);
    if (isShown(vertex)) {
      listener.on(new BuildEvent.Started(Instant.now(), id(vertex), vertex.info().name()));
    }
  }

  void missed(Vertex vertex, CacheMiss why) {
    if (isShown(vertex)) {
      listener.on(new BuildEvent.Missed(Instant.now(), id(vertex), why));
    }
  }

  void done(Vertex vertex) {
    if (isShown(vertex)) {
      listener.on(new BuildEvent.Done(Instant.now(), id(vertex)));
    }
  }

  void cancelled(Vertex vertex) {
    if (isShown(vertex)) {
      listener.on(new BuildEvent.Cancelled(Instant.now(), id(vertex)));
    }
  }

  void failed(Vertex vertex, Exception failure) {
    Optional<SourceExcerpt> excerpt =
        switch (failure) {
          case StepFailedException step -> step.excerpt();
          case DockerfileException located -> located.excerpt();
          default -> vertex.info().excerpt();
        };
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    listener.on(new BuildEvent.Failed(Instant.now(), id(vertex), message, excerpt));
  }

  StepOutput output(Vertex vertex) {
    StepId step = id(vertex);
    return new StepOutput() {
      @Override
      public void log(BuildEvent.Stream stream, byte[] buffer, int offset, int length) {
        Bytes data = Bytes.copyOf(Arrays.copyOfRange(buffer, offset, offset + length));
        listener.on(new BuildEvent.Log(Instant.now(), step, stream, data));
      }

      @Override
      public void progress(String item, long current, OptionalLong total) {
        listener.on(new BuildEvent.Progress(Instant.now(), step, item, current, total));
      }
    };
  }

  private static boolean isShown(Vertex vertex) {
    return switch (vertex.op()) {
      case Op.LocalSource local -> false;
      case Op.ImageSource image -> image.rootFs().isPresent();
      default -> true;
    };
  }

  private static StepId id(Vertex vertex) {
    return new StepId(vertex.digest().toString());
  }
}
