package io.slipway.builder.cache;

import io.slipway.builder.context.ContentListing;
import io.slipway.builder.graph.Identity;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.ChainId;
import io.slipway.image.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The index in an SQLite file. One thread owns the connection: it opens the file in the background
 * (which takes most of a second), then writes what callers queue, several changes to a transaction.
 * Aliases are read from memory. Write-ahead logging without a sync per transaction: after kill -9
 * everything written is there; after a power cut the newest entries may be missing, which costs a
 * rebuild of those steps. A damaged file is put aside and a new one begun.
 */
public final class SqliteCacheIndex implements CacheIndex, AutoCloseable {
  private static final int BATCH = 500;

  /** The least recently used go when the file is opened. */
  private static final int MAX_RECORDS = 50_000;

  private static final List<String> SCHEMA =
      List.of(
          "pragma journal_mode=wal",
          "pragma synchronous=normal",
          "create table if not exists alias (key text primary key, canonical text not null)"
              + " without rowid",
          "create table if not exists record (key text primary key, slot text not null,"
              + " name text not null, parts text not null, created integer not null,"
              + " took integer not null, used integer not null, uses integer not null)"
              + " without rowid",
          "create index if not exists record_used on record (slot, used)",
          ListingTable.SCHEMA,
          NoteTable.SCHEMA,
          "create table if not exists kept (key text primary key, chain text not null)"
              + " without rowid",
          "delete from record where key in"
              + " (select key from record order by used desc limit -1 offset "
              + MAX_RECORDS
              + ")",
          "delete from alias where (select count(*) from alias) > 4 * "
              + MAX_RECORDS
              + " and canonical not in (select key from record)"
              + " and canonical not in (select key from alias)");

  /** A change of the file, or a question to it. */
  @FunctionalInterface
  private interface Work {
    void on(Connection connection) throws SQLException;

    /** The file cannot be used any more. */
    default void dropped() {}
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  /** A question and where its answer goes: a default if there is no answer to be had. */
  private record Asked<T>(Question<T> question, T otherwise, CompletableFuture<T> answer)
      implements Work {
    @Override
    public void on(Connection connection) throws SQLException {
      try {
        answer.complete(question.ask(connection));
      } catch (SQLException e) {
        answer.complete(otherwise);
        throw e;
      }
    }

    @Override
    public void dropped() {
      answer.complete(otherwise);
    }
  }

  private final Path file;
  private final Map<CacheKey, CacheKey> aliases = new ConcurrentHashMap<>();
  private final Map<CacheKey, ChainId> kept = new ConcurrentHashMap<>();
  private final BlockingQueue<Optional<Work>> queue = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private final Thread writer;

  /** Begins to open {@code file}, which is made if it is missing; its directory must exist. */
  public SqliteCacheIndex(Path file) {
    this.file = file;
    this.writer = Thread.ofPlatform().daemon().name("build cache index").start(this::serve);
  }

  @Override
  public Optional<CacheKey> canonical(CacheKey key) {
    awaitOpen();
    CacheKey last = aliases.get(key);
    // a result that was made anew is the meaning of what led to the former one
    for (CacheKey next = last; next != null; next = aliases.get(next)) {
      last = next;
    }
    return Optional.ofNullable(last);
  }

  @Override
  public void alias(CacheKey key, CacheKey canonical) {
    if (key.equals(canonical) || canonical.equals(aliases.put(key, canonical))) {
      return;
    }
    write(
        "insert or replace into alias (key, canonical) values (?, ?)",
        key.toString(),
        canonical.toString());
  }

  @Override
  public void record(CacheRecord made) {
    write(
        "insert or replace into record (key, slot, name, parts, created, took, used, uses)"
            + " values (?, ?, ?, ?, ?, ?, ?, 1)",
        made.key().toString(),
        made.slot(),
        made.name(),
        PartsText.write(made.parts()),
        made.created().toEpochMilli(),
        made.took().toMillis(),
        made.created().toEpochMilli());
  }

  @Override
  public void touch(CacheKey key, Instant when) {
    write(
        "update record set used = ?, uses = uses + 1 where key = ?",
        when.toEpochMilli(),
        key.toString());
  }

  @Override
  public Optional<CacheRecord> lastIn(String slot) {
    return ask(connection -> lastIn(connection, slot), Optional.empty());
  }

  @Override
  public void keepListing(Digest content, ContentListing listing) {
    byte[] compressed = ListingTable.compress(listing);
    long now = System.currentTimeMillis();
    queue.add(Optional.of(connection -> ListingTable.put(connection, content, compressed, now)));
  }

  @Override
  public Optional<ContentListing> listing(Digest content) {
    return ask(connection -> ListingTable.get(connection, content), Optional.empty());
  }

  /** Remembers what was found out about a layer, as long as it is the one made then. */
  public void note(String layer, Instant made, String text) {
    queue.add(Optional.of(connection -> NoteTable.put(connection, layer, made, text)));
  }

  /** What was found out about layers made at these times, by their names. */
  public Map<String, String> notes(Map<String, Instant> layers) {
    return ask(connection -> NoteTable.get(connection, layers), Map.of());
  }

  /** Remembers that the result of a key is the unpacked chain. */
  public void keepAs(CacheKey key, ChainId chain) {
    if (!chain.equals(kept.put(key, chain))) {
      write(
          "insert or replace into kept (key, chain) values (?, ?)",
          key.toString(),
          chain.digest().toString());
    }
  }

  /** The chain that is the result of a key, if it was brought from elsewhere. */
  public Optional<ChainId> keptAs(CacheKey key) {
    awaitOpen();
    return Optional.ofNullable(kept.get(key));
  }

  /** The other names of a key. Goes through all names. */
  public List<CacheKey> names(CacheKey key) {
    awaitOpen();
    return aliases.keySet().stream()
        .filter(name -> canonical(name).equals(Optional.of(key)))
        .toList();
  }

  /** What was of use when; empty if the file cannot be read. */
  public Map<CacheKey, StepUse> uses() {
    return ask(SqliteCacheIndex::uses, Map.of());
  }

  private static Map<CacheKey, StepUse> uses(Connection connection) throws SQLException {
    var uses = new HashMap<CacheKey, StepUse>();
    try (Statement query = connection.createStatement();
        ResultSet row = query.executeQuery("select key, name, used, uses from record")) {
      while (row.next()) {
        uses.put(
            new CacheKey(Digest.parse(row.getString(1))),
            new StepUse(row.getString(2), Instant.ofEpochMilli(row.getLong(3)), row.getInt(4)));
      }
    }
    return uses;
  }

  /** The result of a key was removed. What it was made of stays, to explain later misses. */
  public void forget(CacheKey key) {
    aliases.values().removeIf(key::equals);
    write("delete from alias where canonical = ?", key.toString());
  }

  /** Asks the file, after everything queued before. */
  private <T> T ask(Question<T> question, T otherwise) {
    var asked = new Asked<>(question, otherwise, new CompletableFuture<>());
    queue.add(Optional.of(asked));
    return asked.answer().join();
  }

  private static Optional<CacheRecord> lastIn(Connection connection, String slot)
      throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "select key, name, parts, created, took from record where slot = ?"
                + " order by used desc, created desc limit 1")) {
      query.setString(1, slot);
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        List<Identity.Part> parts = PartsText.read(row.getString(3));
        return Optional.of(
            new CacheRecord(
                new CacheKey(Digest.parse(row.getString(1))),
                slot,
                row.getString(2),
                parts,
                Instant.ofEpochMilli(row.getLong(4)),
                Duration.ofMillis(row.getLong(5))));
      }
    }
  }

  /** Waits until everything queued so far is in the file. */
  public void flush() {
    awaitOpen();
    boolean written =
        ask(
            connection -> {
              connection.commit();
              return true;
            },
            false);
    if (!written) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "build cache index " + file + " is no longer written");
    }
  }

  /** Writes what is queued and closes the file. */
  @Override
  public void close() {
    queue.add(Optional.empty());
    try {
      writer.join();
    } catch (InterruptedException e) {
      // the writer goes on and ends by itself; the caller wants to get away
      Thread.currentThread().interrupt();
    }
  }

  private void write(String sql, Object... values) {
    queue.add(
        Optional.of(connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
              statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
          }
        }));
  }

  private void awaitOpen() {
    try {
      opened.join();
    } catch (CompletionException e) {
      throw failure(e.getCause());
    }
  }

  private SlipwayException failure(Throwable cause) {
    return new SlipwayException(
        ErrorKind.INTERNAL, "build cache index " + file + ": " + cause.getMessage(), cause);
  }

  private void serve() {
    try (Connection connection = openOrReplace()) {
      loadAliases(connection);
      loadKept(connection);
      opened.complete(null);
      connection.setAutoCommit(false);
      boolean more = true;
      while (more) {
        more = writeBatch(connection);
      }
    } catch (SQLException | IOException e) {
      opened.completeExceptionally(e);
      drainAfter(e);
    } catch (InterruptedException e) {
      opened.completeExceptionally(e);
    }
  }

  /** The file is gone bad while in use: aliases stay in memory, changes are dropped. */
  private void drainAfter(Exception cause) {
    System.getLogger(SqliteCacheIndex.class.getName())
        .log(System.Logger.Level.WARNING, "build cache index is no longer written", cause);
    try {
      // losing index entries costs time only
      for (var work = queue.take(); work.isPresent(); work = queue.take()) {
        work.get().dropped();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean writeBatch(Connection connection) throws SQLException, InterruptedException {
    var batch = new ArrayList<Optional<Work>>();
    batch.add(queue.take());
    queue.drainTo(batch, BATCH);
    boolean more = batch.stream().allMatch(Optional::isPresent);
    try {
      for (Optional<Work> work : batch) {
        if (work.isPresent()) {
          work.get().on(connection);
        }
      }
      connection.commit();
    } catch (SQLException e) {
      batch.forEach(work -> work.ifPresent(Work::dropped));
      throw e;
    }
    return more;
  }

  private void loadAliases(Connection connection) throws SQLException {
    try (Statement query = connection.createStatement();
        ResultSet rows = query.executeQuery("select key, canonical from alias")) {
      while (rows.next()) {
        aliases.putIfAbsent(
            new CacheKey(Digest.parse(rows.getString(1))),
            new CacheKey(Digest.parse(rows.getString(2))));
      }
    }
  }

  private void loadKept(Connection connection) throws SQLException {
    try (Statement query = connection.createStatement();
        ResultSet rows = query.executeQuery("select key, chain from kept")) {
      while (rows.next()) {
        kept.putIfAbsent(
            new CacheKey(Digest.parse(rows.getString(1))),
            new ChainId(Digest.parse(rows.getString(2))));
      }
    }
  }

  private Connection openOrReplace() throws SQLException, IOException {
    try {
      return open();
    } catch (SQLException e) {
      // not a database, or torn: nothing in it is needed for correctness
      for (String suffix : List.of("", "-wal", "-shm")) {
        Path part = Path.of(file + suffix);
        if (Files.exists(part)) {
          Files.move(part, Path.of(file + suffix + ".bad"), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      return open();
    }
  }

  private Connection open() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      for (String sql : SCHEMA) {
        statement.execute(sql);
      }
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
