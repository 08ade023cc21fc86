package io.slipway.builder;

import io.slipway.builder.export.Built;
import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.solver.SolvedStep;
import io.slipway.builder.waste.WasteReport;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks for wasted bytes in what a build made, beside its exports. Closing ends the search. */
final class BuildWaste implements AutoCloseable {
  private final WasteReport report;
  private final List<SnapshotKey> trees;
  private final Set<BuildEvent.Warning> found = new LinkedHashSet<>();
  private final Thread searcher;

  BuildWaste(LocalBuilder builder, List<SolvedStep> solved, Map<String, List<Built>> built) {
    this.report = builder.wasteReport(solved);
    this.trees =
        built.values().stream()
            .flatMap(List::stream)
            .map(Built::top)
            .flatMap(Optional::stream)
            .distinct()
            .toList();
    this.searcher = Thread.ofVirtual().name("wasted bytes").start(this::search);
  }

  private void search() {
    try {
      for (SnapshotKey tree : trees) {
        found.addAll(report.of(tree));
      }
    } catch (IOException | SlipwayException e) {
      // the image is as good without: a warning in place of the warnings
      String text = "cannot look for wasted bytes: " + e.getMessage();
      found.add(new BuildEvent.Warning(Instant.now(), text, Optional.empty()));
    }
  }

  /** Waits for the search and tells what it found. */
  void tell(BuildListener listener) {
    try {
      searcher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ErrorKind.CANCELLED, "build cancelled", e);
    }
    found.forEach(listener::on);
  }

  @Override
  public void close() {
    searcher.interrupt();
    boolean interrupted = false;
    while (searcher.isAlive()) {
      try {
        searcher.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
