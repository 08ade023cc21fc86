package io.slipway.registry.store.sqlite;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The only writer of a database file. Changes that arrive while a commit is being synced wait
 * together and are committed together, so the number of fsyncs does not grow with the number of
 * clients.
 */
final class GroupCommitWriter implements AutoCloseable {
  private static final int MAX_BATCH = 256;

  /** What a change has survived once its call returns. */
  enum Durability {
    /** A loss of power. */
    POWER_LOSS,
    /** The death of the process; a loss of power may take it back, as if it had never been made. */
    PROCESS_DEATH
  }

  /** A change of the database; runs on the writer's thread, inside its own savepoint. */
  interface Change<T> {
    T apply(SqliteSession session) throws SQLException;
  }

  private static final class Job<T> {
    private final Durability durability;
    private final Change<T> change;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private T value;

    Job(Durability durability, Change<T> change) {
      this.durability = durability;
      this.change = change;
    }

    void run(SqliteSession session) throws SQLException {
      value = change.apply(session);
    }

    void succeed() {
      result.complete(value);
    }

    void fail(RuntimeException failure) {
      result.completeExceptionally(failure);
    }
  }

  private static final Job<Void> STOP = new Job<>(Durability.PROCESS_DEATH, session -> null);

  private final SqliteSession session;
  private final BlockingQueue<Job<?>> queue = new LinkedBlockingQueue<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread thread;
  private Durability current = Durability.POWER_LOSS;

  /** Takes ownership of {@code session}. */
  GroupCommitWriter(String name, SqliteSession session) {
    this.session = session;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::work);
  }

  GroupCommitWriter start() {
    thread.start();
    return this;
  }

  /** Runs {@code change} and returns when it is committed to the given durability. */
  <T> T write(Durability durability, Change<T> change) {
    Job<T> job = new Job<>(durability, change);
    if (closed.get()) {
      throw closedFailure();
    }
    queue.add(job);
    try {
      return job.result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SlipwayException failure) {
        throw failure;
      }
      throw e;
    }
  }

  /** Commits what waits, then stops. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    queue.add(STOP);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    List<Job<?>> batch = new ArrayList<>();
    boolean running = true;
    while (running) {
      batch.clear();
      try {
        batch.add(queue.take());
      } catch (InterruptedException e) {
        break;
      }
      queue.drainTo(batch, MAX_BATCH - 1);
      running = !batch.remove(STOP);
      if (!batch.isEmpty()) {
        commit(batch);
      }
    }
    queue.forEach(job -> job.fail(closedFailure()));
    try {
      session.close();
    } catch (SQLException e) {
      throw SqliteFailures.of(e);
    }
  }

  private void commit(List<Job<?>> batch) {
    List<Job<?>> applied = new ArrayList<>(batch.size());
    try {
      require(batch);
      session.execute("BEGIN IMMEDIATE");
      for (Job<?> job : batch) {
        if (runOne(job)) {
          applied.add(job);
        }
      }
      session.execute("COMMIT");
    } catch (SQLException | RuntimeException e) {
      session.rollback(e);
      RuntimeException failure =
          e instanceof SQLException sql ? SqliteFailures.of(sql) : (RuntimeException) e;
      batch.forEach(job -> job.fail(failure));
      return;
    }
    applied.forEach(Job::succeed);
  }

  /** Syncs the log at commit only if one of the batch asks for it. */
  private void require(List<Job<?>> batch) throws SQLException {
    boolean full = batch.stream().anyMatch(job -> job.durability == Durability.POWER_LOSS);
    Durability wanted = full ? Durability.POWER_LOSS : Durability.PROCESS_DEATH;
    if (wanted != current) {
      session.execute("PRAGMA synchronous=" + (full ? "FULL" : "NORMAL"));
      current = wanted;
    }
  }

  /**
   * False when the change failed and was taken back. A failure to take it back means that SQLite
   * has ended the whole transaction (full disk, I/O error) and fails the batch.
   */
  private boolean runOne(Job<?> job) throws SQLException {
    session.execute("SAVEPOINT change");
    try {
      job.run(session);
      session.execute("RELEASE change");
      return true;
    } catch (SQLException e) {
      takeBack(e);
      job.fail(SqliteFailures.of(e));
    } catch (RuntimeException e) {
      session.execute("ROLLBACK TO change");
      session.execute("RELEASE change");
      job.fail(e);
    }
    return false;
  }

  private void takeBack(SQLException reason) throws SQLException {
    try {
      session.execute("ROLLBACK TO change");
      session.execute("RELEASE change");
    } catch (SQLException e) {
      reason.addSuppressed(e);
      throw reason;
    }
  }

  static SlipwayException closedFailure() {
    return new SlipwayException(ErrorKind.UNAVAILABLE, "the registry is shutting down");
  }
}
