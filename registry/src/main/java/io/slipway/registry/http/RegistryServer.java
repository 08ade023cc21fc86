package io.slipway.registry.http;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.registry.admin.AdminServer;
import io.slipway.registry.admin.BackgroundUpkeep;
import io.slipway.registry.admin.DataRoot;
import io.slipway.registry.config.MirrorSettings;
import io.slipway.registry.mirror.Mirrors;
import io.slipway.registry.store.RegistryStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A running registry: opened from a config, it listens until it is closed. */
public final class RegistryServer implements AutoCloseable {
  static final MirrorSettings NO_MIRRORS =
      new MirrorSettings(
          List.of(), Duration.ofMinutes(1), Duration.ofDays(7), Duration.ofSeconds(30));

  private final Deque<AutoCloseable> opened;
  private final ListenAddress address;

  private RegistryServer(Deque<AutoCloseable> opened, ListenAddress address) {
    this.opened = opened;
    this.address = address;
  }

  /**
   * Opens the data root and listens; returns when connections are accepted. {@code log} takes one
   * line at a time from any thread: notices, unexpected failures and, if the config says so,
   * requests.
   *
   * @throws SlipwayException CONFLICT when the address is taken or the data root in use; INVALID
   *     when the address cannot be listened on
   */
  public static RegistryServer open(RegistryConfig config, Consumer<String> log) {
    return open(config, NO_MIRRORS, log);
  }

  /** As {@link #open(RegistryConfig, Consumer)}, filled from other registries. */
  public static RegistryServer open(
      RegistryConfig config, MirrorSettings mirror, Consumer<String> log) {
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      ListenAddress address = start(config, mirror, log, opened);
      return new RegistryServer(opened, address);
    } catch (RuntimeException e) {
      closeAll(opened, e);
      throw e;
    }
  }

  /** Each thing that was opened is pushed, so that closing goes backwards. */
  private static ListenAddress start(
      RegistryConfig config,
      MirrorSettings mirror,
      Consumer<String> log,
      Deque<AutoCloseable> opened) {
    RegistryLimits limits = config.limits();
    DataRoot root = DataRoot.open(config.storage(), Clock.systemUTC());
    opened.push(root);
    RegistryStore store = root.store();
    opened.push(new Housekeeping(store, limits.uploadIdle(), log));
    opened.push(AdminServer.listen(root, log));
    opened.push(BackgroundUpkeep.start(root, log));
    ExecutorService workers =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("registry-", 0).factory());
    opened.push(() -> stop(workers, limits.shutdownGrace()));
    Mirrors mirrors = new Mirrors(mirror, store, Clock.systemUTC(), log);
    opened.push(mirrors);
    RequestLog requestLog = new RequestLog(log, config.accessLog());
    HttpListener listener = new HttpListener(limits, log);
    opened.push(listener);
    return listener.listen(
        config.listen(),
        new RegistryHandler(
            store, mirrors, config.authorizer(), workers, requestLog, listener.deadline()));
  }

  /** What was listened on, with the port that was taken. */
  public ListenAddress address() {
    return address;
  }

  /**
   * Stops accepting, lets requests under way end within the grace period, then closes the store.
   */
  @Override
  public void close() {
    SlipwayException failure = new SlipwayException(ErrorKind.INTERNAL, "stop the registry");
    closeAll(opened, failure);
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }

  private static void stop(ExecutorService workers, Duration grace) throws InterruptedException {
    workers.shutdown();
    if (!workers.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
      workers.shutdownNow();
      workers.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private static void closeAll(Deque<AutoCloseable> opened, RuntimeException failure) {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failure.addSuppressed(e);
      } catch (Exception e) {
        failure.addSuppressed(e);
      }
    }
  }
}
