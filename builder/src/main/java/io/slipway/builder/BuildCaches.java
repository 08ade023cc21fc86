package io.slipway.builder;

import io.slipway.builder.exchange.CacheExporter;
import io.slipway.builder.exchange.CacheImports;
import io.slipway.builder.exchange.CacheTransfer;
import io.slipway.builder.exchange.CacheTransfers;
import io.slipway.builder.exchange.ExchangeTools;
import io.slipway.builder.export.LastTouch;
import io.slipway.builder.graph.Vertex;
import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.progress.StepId;
import io.slipway.builder.solver.SolvedStep;
import io.slipway.builder.solver.Solver;
import io.slipway.image.content.Lease;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The caches that one build exchanges results with. */
final class BuildCaches {
  private final CacheTransfers transfers;
  private final CacheExporter exporter;
  private final CacheImports imports;
  private final BuildListener listener;

  BuildCaches(CacheTransfers transfers, ExchangeTools tools, Lease lease, BuildListener listener) {
    this.transfers = transfers;
    this.listener = listener;
    this.exporter = new CacheExporter(tools, lease);
    this.imports =
        new CacheImports(
            tools,
            lease,
            line -> listener.on(new BuildEvent.Warning(Instant.now(), line, Optional.empty())));
  }

  /** Makes known what other places have. */
  CacheImports load() {
    for (CacheTransfer from : transfers.from()) {
      var step = new StepId("cache import " + from.place());
      begin(step, "importing cache from " + from.place());
      int results = imports.add(from, transfers.credentials());
      end(step, results + " results");
    }
    return imports;
  }

  /** What puts the cache of an image's layers into its config, if that is asked for. */
  LastTouch inline(Solver.Solved solved) {
    if (!transfers.inline()) {
      return LastTouch.NONE;
    }
    return (plan, config) -> {
      List<SolvedStep> own = targets(solved, List.of(plan.target()));
      return own.isEmpty()
          ? config
          : CacheExporter.embed(config, exporter.inline(solved.steps(), own.getFirst()));
    };
  }

  /** What is known of the steps that made the images. */
  private static List<SolvedStep> targets(Solver.Solved solved, List<Vertex> wanted) {
    return solved.steps().stream().filter(step -> wanted.contains(step.vertex())).toList();
  }

  /**
   * Puts the results where they are wanted.
   *
   * @param wanted what the images are of
   */
  void store(Solver.Solved solved, List<Vertex> wanted) {
    List<SolvedStep> targets = targets(solved, wanted);
    for (CacheTransfer to : transfers.to()) {
      if (!(to.place() instanceof CacheTransfer.Inline) && !targets.isEmpty()) {
        store(to, solved, targets);
      }
    }
  }

  private void store(CacheTransfer to, Solver.Solved solved, List<SolvedStep> targets) {
    var step = new StepId("cache export " + to.place());
    begin(step, "exporting cache to " + to.place());
    try {
      int results = exporter.export(to, solved.steps(), targets, transfers.credentials());
      end(step, results + " results");
    } catch (IOException | SlipwayException e) {
      boolean cancelled =
          e instanceof SlipwayException known && known.kind() == ErrorKind.CANCELLED;
      if (cancelled || !to.ignoreError()) {
        listener.on(new BuildEvent.Failed(Instant.now(), step, e.getMessage(), Optional.empty()));
        throw e instanceof SlipwayException known
            ? known
            : new SlipwayException(
                ErrorKind.INTERNAL, "exporting cache to " + to.place() + ": " + e.getMessage(), e);
      }
      end(step, "not exported: " + e.getMessage());
    }
  }

  private void begin(StepId step, String name) {
    listener.on(new BuildEvent.Started(Instant.now(), step, name));
  }

  private void end(StepId step, String text) {
    byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8);
    listener.on(
        new BuildEvent.Log(Instant.now(), step, BuildEvent.Stream.STDOUT, Bytes.copyOf(line)));
    listener.on(new BuildEvent.Done(Instant.now(), step));
  }
}
