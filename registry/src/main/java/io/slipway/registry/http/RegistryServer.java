package io.slipway.registry.http;

import io.slipway.image.content.DirectoryBlobStore;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.registry.store.DataRootLock;
import io.slipway.registry.store.DiskSpace;
import io.slipway.registry.store.RegistryStore;
import io.slipway.registry.store.sqlite.SqliteMetadataStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A running registry: opened from a config, it listens until it is closed.
 *
 * <pre>
 * DATA_ROOT/lock          held by the running server
 * DATA_ROOT/blobs/        contents (DirectoryBlobStore)
 * DATA_ROOT/metadata.db   everything else (SqliteMetadataStore), with uploads.db
 * </pre>
 */
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
  public static RegistryServer open(RegistryConfig config, Consumer<String> log) {
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      ListenAddress address = start(config, log, opened);
      return new RegistryServer(opened, address);
    } catch (IOException e) {
      SlipwayException failure =
          new SlipwayException(
              ErrorKind.INTERNAL,
              "cannot open data root " + config.dataRoot() + ": " + e.getMessage(),
              e);
      closeAll(opened, failure);
      throw failure;
    } catch (RuntimeException e) {
      closeAll(opened, e);
      throw e;
    }
  }

  /** Each thing that was opened is pushed, so that closing goes backwards. */
  private static ListenAddress start(
      RegistryConfig config, Consumer<String> log, Deque<AutoCloseable> opened) throws IOException {
    Path root = config.dataRoot();
    RegistryLimits limits = config.limits();
    opened.push(DataRootLock.take(root));
    DirectoryBlobStore blobs = DirectoryBlobStore.open(root.resolve("blobs"), limits.uploadIdle());
    SqliteMetadataStore metadata = SqliteMetadataStore.open(root);
    opened.push(metadata);
    RegistryStore store =
        new RegistryStore(
            blobs,
            metadata,
            new DiskSpace(root, limits.diskReserve()),
            config.sparse(),
            limits.cache(),
            Clock.systemUTC());
    opened.push(new Housekeeping(store, limits.uploadIdle(), log));
    ExecutorService workers =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("registry-", 0).factory());
    opened.push(() -> stop(workers, limits.shutdownGrace()));
    RequestLog requestLog = new RequestLog(log, config.accessLog());
    HttpListener listener = new HttpListener(limits, log);
    opened.push(listener);
    return listener.listen(
        config.listen(), new RegistryHandler(store, config.authorizer(), workers, requestLog));
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
