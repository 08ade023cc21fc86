package io.slipway.registry.http;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.registry.admin.AdminServer;
import io.slipway.registry.admin.BackgroundUpkeep;
import io.slipway.registry.admin.DataRoot;
import io.slipway.registry.admin.StorageSettings;
import io.slipway.registry.auth.AccessControl;
import io.slipway.registry.config.ListenAddress;
import io.slipway.registry.config.MirrorSettings;
import io.slipway.registry.config.RegistryLimits;
import io.slipway.registry.config.RegistrySettings;
import io.slipway.registry.mirror.Mirrors;
import io.slipway.registry.store.Page;
import io.slipway.registry.store.RegistryStore;
import io.slipway.registry.tls.ServerCertificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A running registry: opened from a config, it listens until it is closed. */
public final class RegistryServer implements AutoCloseable {
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
  public static RegistryServer open(RegistrySettings config, Consumer<String> log) {
    return open(config, config.mirror(), log);
  }

  /** With other mirrors than those of the settings. */
  static RegistryServer open(RegistrySettings config, MirrorSettings mirror, Consumer<String> log) {
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
      RegistrySettings config,
      MirrorSettings mirror,
      Consumer<String> log,
      Deque<AutoCloseable> opened) {
    RegistryLimits limits = config.limits();
    DataRoot root = DataRoot.open(storage(config), Clock.systemUTC());
    opened.push(root);
    RegistryStore store = root.store();
    opened.push(new Housekeeping(store, limits.uploadIdle(), log));
    ExecutorService workers =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("registry-", 0).factory());
    opened.push(() -> stop(workers, limits.shutdownGrace()));
    Mirrors mirrors = new Mirrors(mirror, store, Clock.systemUTC(), log);
    opened.push(mirrors);
    opened.push(AdminServer.listen(root, mirrors::refetch, log));
    opened.push(BackgroundUpkeep.start(root, mirrors::refetch, log));
    AccessControl access =
        AccessControl.open(config.auth(), config.dataRoot(), Clock.systemUTC(), log);
    HttpListener listener = new HttpListener(limits, tls(config, log, opened), log);
    opened.push(listener);
    Reception reception = reception(config, log, opened, listener, store);
    ListenAddress address =
        listener.listen(
            config.listen(),
            new RegistryHandler(store, mirrors, access, workers, reception, listener.deadline()));
    opened.push(reception::drain);
    return address;
  }

  private static StorageSettings storage(RegistrySettings config) {
    RegistryLimits limits = config.limits();
    return new StorageSettings(
        config.dataRoot(),
        limits.uploadIdle(),
        limits.diskReserve(),
        limits.cache(),
        config.manifests().sparse(),
        config.upkeep());
  }

  private static Optional<ServerTls> tls(
      RegistrySettings config, Consumer<String> log, Deque<AutoCloseable> opened) {
    if (!config.tls().isOn()) {
      return Optional.empty();
    }
    ServerCertificate certificate =
        ServerCertificate.open(config.tls(), config.dataRoot(), Clock.systemUTC(), log);
    ServerTls tls = new ServerTls(config.tls(), certificate, log);
    opened.push(tls);
    return Optional.of(tls);
  }

  private static Reception reception(
      RegistrySettings config,
      Consumer<String> log,
      Deque<AutoCloseable> opened,
      HttpListener listener,
      RegistryStore store) {
    RequestLog requestLog = new RequestLog(log, config.log().access());
    List<VisitListener> listeners = new ArrayList<>(List.of(requestLog));
    config
        .log()
        .audit()
        .ifPresent(file -> {
          AuditLog audit = AuditLog.open(file, log);
          opened.push(audit);
          listeners.add(audit);
        });
    config
        .metrics()
        .listen()
        .ifPresent(address -> {
          Metrics metrics = new Metrics();
          opened.push(metrics);
          listeners.add(metrics);
          listener.listenBeside(address, new MetricsHandler(metrics));
        });
    return new Reception(config, requestLog, listeners, () -> answers(store));
  }

  /** Whether the metadata can be read. */
  private static boolean answers(RegistryStore store) {
    try {
      store.metadata().repositories().list(new Page(1, ""));
      return true;
    } catch (RuntimeException e) {
      return false;
    }
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
