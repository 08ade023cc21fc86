package io.slipway.registry.admin;

import io.slipway.image.error.SlipwayException;
import io.slipway.registry.config.ScrubSettings;
import io.slipway.registry.config.UpkeepSettings;
import io.slipway.registry.upkeep.GcReport;
import io.slipway.registry.upkeep.RepairSource;
import io.slipway.registry.upkeep.Retention;
import io.slipway.registry.upkeep.Scrub;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a server does with its data by itself, each on a thread of its own. */
public final class BackgroundUpkeep implements AutoCloseable {
  /** How often it is looked for content that is due to be read again. */
  private static final Duration SCRUB_LOOK = Duration.ofHours(1);

  /** A disk that stays full is collected on no more often than this. */
  private static final Duration RELIEF_PAUSE = Duration.ofSeconds(5);

  private final DataRoot root;
  private final RepairSource source;
  private final Consumer<String> log;
  private final List<Thread> threads = new ArrayList<>();

  /** Whether the last collection for a full disk freed nothing; used by one thread. */
  private boolean helpless;

  private BackgroundUpkeep(DataRoot root, RepairSource source, Consumer<String> log) {
    this.root = root;
    this.source = source;
    this.log = log;
  }

  /** {@code log} takes a line at a time from any thread. */
  public static BackgroundUpkeep start(DataRoot root, RepairSource source, Consumer<String> log) {
    BackgroundUpkeep upkeep = new BackgroundUpkeep(root, source, log);
    upkeep.every(root.settings().upkeep().gc().interval(), "garbage collection", upkeep::collect);
    if (!root.settings().upkeep().gc().interval().isZero()) {
      upkeep.start("relief of a full disk", upkeep::relieve, Duration.ZERO, RELIEF_PAUSE);
      upkeep.once("search for leftovers", upkeep::discardLeftovers);
    }
    if (root.settings().upkeep().scrub().bytesPerSecond() > 0) {
      upkeep.every(SCRUB_LOOK, "scrub", upkeep::scrub);
    }
    return upkeep;
  }

  /** A task; what it throws is logged, and it comes again. */
  private interface Task {
    void run() throws InterruptedException;
  }

  private void every(Duration interval, String name, Task task) {
    if (!interval.isZero()) {
      start(name, task, interval, Duration.ZERO);
    }
  }

  private void once(String name, Task task) {
    threads.add(
        Thread.ofPlatform()
            .daemon()
            .name("registry " + name)
            .start(() -> {
              try {
                attempt(name, task);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }));
  }

  private void start(String name, Task task, Duration before, Duration after) {
    threads.add(
        Thread.ofPlatform()
            .daemon()
            .name("registry " + name)
            .start(() -> {
              try {
                while (true) {
                  Thread.sleep(before);
                  attempt(name, task);
                  Thread.sleep(after);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }));
  }

  private void attempt(String name, Task task) throws InterruptedException {
    try {
      task.run();
    } catch (SlipwayException e) {
      log.accept(name + ": " + e.getMessage());
    } catch (RuntimeException e) {
      log.accept(name + " failed: " + e);
    }
  }

  private void collect() throws InterruptedException {
    UpkeepSettings settings = root.settings().upkeep();
    if (!settings.retention().isEmpty()) {
      Retention.Report removed =
          new Retention(
                  root.store(),
                  settings.retention(),
                  settings.immutableTags(),
                  root.clock().instant())
              .run(false, line -> {});
      if (removed.removed() > 0) {
        log.accept("retention: " + removed);
      }
    }
    GcReport report = root.collection().run(false, line -> {});
    if (report.contents() > 0 || report.manifests() > 0 || report.links() > 0) {
      log.accept("garbage collection: " + report);
    }
    root.compactNames();
  }

  private void discardLeftovers() throws InterruptedException {
    long discarded = root.discardLeftovers();
    if (discarded > 0) {
      log.accept("discarded " + discarded + " blobs that a killed server had not noted yet");
    }
  }

  private void relieve() throws InterruptedException {
    root.awaitFullDisk();
    GcReport report = root.collectForFullDisk();
    if (report.contents() > 0) {
      log.accept("the disk is full: garbage collection: " + report);
    } else if (!helpless) {
      log.accept("the disk is full, and there is no garbage to collect");
    }
    helpless = report.contents() == 0;
  }

  private void scrub() throws InterruptedException {
    ScrubSettings settings = root.settings().upkeep().scrub();
    Instant before = root.clock().instant().minus(settings.every());
    Scrub.Report report = root.scrub().run(before, settings.bytesPerSecond(), source, log);
    if (report.damaged() > 0) {
      log.accept("scrub: " + report);
    }
  }

  /** Ends what is under way; the next start goes on. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
