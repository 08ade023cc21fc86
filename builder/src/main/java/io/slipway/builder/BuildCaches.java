package io.slipway.builder;

import io.slipway.builder.exchange.CacheExporter;
import io.slipway.builder.exchange.CacheImports;
import io.slipway.builder.exchange.CacheTransfer;
import io.slipway.builder.exchange.CacheTransfers;
import io.slipway.builder.exchange.ExchangeTools;
import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.progress.StepId;
import io.slipway.builder.solver.SolvedStep;
import io.slipway.builder.solver.Solver;
import io.slipway.image.content.Lease;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.ImageConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

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
  UnaryOperator<ImageConfig> inline(Solver.Solved solved) {
    Optional<SolvedStep> target = target(solved);
    if (!transfers.inline() || target.isEmpty()) {
      return config -> config;
    }
    try {
      Bytes cache = exporter.inline(solved.steps(), target.get());
      return config -> CacheExporter.embed(config, cache);
    } catch (IOException e) {
      throw LocalBuilder.failure("putting the cache into the image", e);
    }
  }

  private static Optional<SolvedStep> target(Solver.Solved solved) {
    return solved.steps().isEmpty() ? Optional.empty() : Optional.of(solved.steps().getLast());
  }

  /** Puts the results where they are wanted. */
  void store(Solver.Solved solved) {
    List<CacheTransfer> places =
        transfers.to().stream()
            .filter(to -> !(to.place() instanceof CacheTransfer.Inline))
            .toList();
    for (CacheTransfer to : places) {
      if (target(solved).isPresent()) {
        store(to, solved);
      }
    }
  }

  private void store(CacheTransfer to, Solver.Solved solved) {
    var step = new StepId("cache export " + to.place());
    begin(step, "exporting cache to " + to.place());
    try {
      int results =
          exporter.export(
              to, solved.steps(), target(solved).orElseThrow(), transfers.credentials());
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
