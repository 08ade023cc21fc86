package io.slipway.registry.admin;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.FileReason;
import io.slipway.image.error.SlipwayException;
import io.slipway.registry.config.RetentionRule;
import io.slipway.registry.config.SettingsReader;
import io.slipway.registry.config.UpkeepSettings;
import io.slipway.registry.store.Page;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.RepositoryUsage;
import io.slipway.registry.store.UsageIndex;
import io.slipway.registry.upkeep.DistributionTree;
import io.slipway.registry.upkeep.Fsck;
import io.slipway.registry.upkeep.GcReport;
import io.slipway.registry.upkeep.OciLayoutFolder;
import io.slipway.registry.upkeep.Rebuild;
import io.slipway.registry.upkeep.RepairSource;
import io.slipway.registry.upkeep.Retention;
import io.slipway.registry.upkeep.Scrub;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Carries out orders on an open data root. */
final class AdminTasks {
  private static final int PAGE = 500;

  private final DataRoot root;
  private final boolean serving;
  private final RepairSource source;

  private AdminTasks(DataRoot root, boolean serving, RepairSource source) {
    this.root = root;
    this.serving = serving;
    this.source = source;
  }

  /** While clients use the data root. */
  static AdminTasks serving(DataRoot root, RepairSource source) {
    return new AdminTasks(root, true, source);
  }

  /** On a data root that nobody else uses. */
  static AdminTasks alone(DataRoot root) {
    return new AdminTasks(root, false, RepairSource.none());
  }

  /**
   * Blocks until it is done; {@code lines} takes them for the one who gave the order, one at a
   * time.
   */
  void run(AdminRequest request, Consumer<String> lines) throws InterruptedException {
    Object one = new Object();
    Consumer<String> out =
        line -> {
          synchronized (one) {
            lines.accept(line);
          }
        };
    switch (request) {
      case AdminRequest.Collect collect -> collect(collect, out);
      case AdminRequest.Scrub scrub -> scrub(scrub, out);
      case AdminRequest.Check check -> check(check, out);
      case AdminRequest.Rebuild rebuild -> rebuild(out);
      case AdminRequest.Usage usage -> usage(out);
      case AdminRequest.Import order -> take(order, out);
      case AdminRequest.Retain retain -> retain(retain, out);
    }
  }

  private void collect(AdminRequest.Collect order, Consumer<String> out)
      throws InterruptedException {
    Optional<Duration> grace =
        order.grace().isEmpty()
            ? Optional.empty()
            : Optional.of(SettingsReader.duration("grace", order.grace()));
    GcReport report;
    try (ProgressTicker _ = ProgressTicker.start(root.collection()::progress, out)) {
      report = root.collection().run(order.dryRun(), grace, out);
    }
    out.accept(report.toString());
    if (!order.dryRun()) {
      root.compactNames();
    }
  }

  private void scrub(AdminRequest.Scrub order, Consumer<String> out) throws InterruptedException {
    long rate = order.rate().isEmpty() ? 0 : SettingsReader.size("rate", order.rate());
    Duration age =
        order.olderThan().isEmpty()
            ? Duration.ZERO
            : SettingsReader.duration("older-than", order.olderThan());
    Instant before = root.clock().instant().minus(age).plusMillis(1);
    Scrub.Report report;
    try (ProgressTicker _ = ProgressTicker.start(root.scrub()::progress, out)) {
      report = root.scrub().run(before, rate, source, out);
    }
    out.accept(report.toString());
    long left = report.damaged() - report.repaired();
    if (left > 0) {
      throw problems(left + " damaged contents wait to be pushed again");
    }
  }

  private void check(AdminRequest.Check order, Consumer<String> out) throws InterruptedException {
    Fsck.Unknown unknown = order.repair() ? Fsck.Unknown.DISCARD : Fsck.Unknown.TELL;
    finish(new Fsck(root.store(), root.blobs(), order.repair(), unknown, out).run(), out);
  }

  private static void finish(Fsck.Report report, Consumer<String> out) {
    out.accept(report.toString());
    if (report.problems() > report.repaired()) {
      throw problems("%d problems are left".formatted(report.problems() - report.repaired()));
    }
  }

  /** What only the lost metadata knew to be needed stays, whatever the new one makes of it. */
  private void rebuild(Consumer<String> out) throws InterruptedException {
    if (serving) {
      throw problems("the server uses its metadata: stop it before you rebuild that");
    }
    try {
      if (root.generation().isMetadataRight()) {
        throw problems(
            "the metadata is that of the blobs, there is nothing to rebuild: registry fsck"
                + " --repair mends single faults");
      }
      root.generation().doubt();
      Rebuild rebuild = new Rebuild(root.store(), root.blobs(), root.clock());
      out.accept(rebuild.run(root.readNames(), out).toString());
      root.generation().begin();
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "rebuild the metadata: " + FileReason.of(e), e);
    }
    finish(new Fsck(root.store(), root.blobs(), true, Fsck.Unknown.KEEP, out).run(), out);
  }

  private void retain(AdminRequest.Retain order, Consumer<String> out) throws InterruptedException {
    UpkeepSettings settings = root.settings().upkeep();
    List<RetentionRule> rules =
        order.rules().isEmpty()
            ? settings.retention()
            : order.rules().stream().map(RetentionRule::parse).toList();
    if (rules.isEmpty()) {
      throw SlipwayException.invalid("there are no retention rules: give some with --rule");
    }
    Retention retention =
        new Retention(root.store(), rules, settings.immutableTags(), root.clock().instant());
    out.accept(retention.run(order.dryRun(), out).toString());
  }

  private void usage(Consumer<String> out) {
    UsageIndex usage = root.store().metadata().upkeep().usage();
    out.accept("%15s %8s  %s".formatted("BYTES", "TAGS", "REPOSITORY"));
    String after = "";
    List<RepositoryUsage> page;
    do {
      page = usage.list(new Page(PAGE, after));
      for (RepositoryUsage repository : page) {
        out.accept(
            "%15d %8d  %s".formatted(repository.bytes(), repository.tags(), repository.name()));
        after = repository.name().value();
      }
    } while (page.size() == PAGE);
    UsageIndex.Totals totals = usage.totals();
    out.accept(
        "%d repositories, %d contents, %d bytes stored, each content once; %d damaged"
            .formatted(totals.repositories(), totals.contents(), totals.bytes(), totals.damaged()));
  }

  private void take(AdminRequest.Import order, Consumer<String> out) throws InterruptedException {
    Path source = Path.of(order.source());
    try {
      if (OciLayoutFolder.isOne(source)) {
        if (order.repository().isEmpty()) {
          throw SlipwayException.invalid(
              source + " is an OCI layout: say with --repository where its images belong");
        }
        RepositoryName repository = new RepositoryName(order.repository());
        out.accept(new OciLayoutFolder(source, root.store()).importTo(repository, out).toString());
      } else {
        out.accept(DistributionTree.open(source, root.store()).importAll(out).toString());
      }
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "import from " + source + ": " + e.getMessage(), e);
    }
  }

  private static SlipwayException problems(String what) {
    return new SlipwayException(ErrorKind.CONFLICT, what);
  }
}
