package io.slipway.registry.admin;

import io.slipway.registry.upkeep.GcReport;
import io.slipway.registry.upkeep.SettingText;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Carries out orders on an open data root. */
final class AdminTasks {
  private final DataRoot root;

  AdminTasks(DataRoot root) {
    this.root = root;
  }

  /** Blocks until it is done; {@code out} takes a line at a time for the one who gave the order. */
  void run(AdminRequest request, Consumer<String> out) throws InterruptedException {
    switch (request.task()) {
      case GC -> collect(request, out);
    }
  }

  private void collect(AdminRequest request, Consumer<String> out) throws InterruptedException {
    Optional<Duration> grace =
        request.grace().isEmpty()
            ? Optional.empty()
            : Optional.of(SettingText.duration("grace", request.grace()));
    GcReport report = root.collection().run(request.dryRun(), grace, out);
    out.accept(report.toString());
  }
}
