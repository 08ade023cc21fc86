package io.slipway.benchmarks.registry;

import io.slipway.image.model.Digest;
import io.slipway.registry.config.ListenAddress;
import io.slipway.registry.config.RegistrySettings;
import io.slipway.registry.http.RegistryServer;
import io.slipway.registry.store.GarbageIndex;
import io.slipway.registry.store.MetadataStore;
import io.slipway.registry.store.Page;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.sqlite.SqliteMetadataStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.Callable;

/**
 * Measures the registry's metadata with many rows in it, made by SQL: the start of a server, pages
 * of tags and repositories, the delete of a manifest with many tags, and a look for garbage.
 *
 * <p>Usage: {@code MetadataBenchmark FOLDER [BLOBS]}: an empty folder, and how many blobs to make
 * (default 1,000,000, in a tenth as many repositories, one of which has as many tags).
 */
public final class MetadataBenchmark {
  private static final int ROUNDS = 21;
  private static final int DELETED_TAGS = 1_000;
  static final RepositoryName BIG = new RepositoryName("big");

  private MetadataBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    int blobs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
    fill(folder, blobs);
    RegistrySettings config = RegistrySettings.of(ListenAddress.parse("127.0.0.1:0"), folder);
    print(
        "start of the server",
        () -> {
          RegistryServer.open(config, line -> {}).close();
          return null;
        });
    try (MetadataStore store = SqliteMetadataStore.open(folder)) {
      print(
          "100 of %,d tags".formatted(blobs / 10),
          () -> store.tags().list(BIG, new Page(100, "t-050000")));
      print(
          "100 of %,d repositories".formatted(blobs / 10),
          () -> store.repositories().list(new Page(100, "r-050000")));
      print(
          "500 blobs of a repository looked at for garbage",
          () ->
              store
                  .upkeep()
                  .garbage()
                  .unneeded(BIG, GarbageIndex.Kind.BLOB, Instant.now(), "", 500));
      long[] deletes = new long[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        Digest manifest = Digest.parse("sha256:%064x".formatted(blobs + 1 + i));
        long started = System.nanoTime();
        if (!store.manifests().delete(BIG, manifest)) {
          throw new IllegalStateException("there is no manifest " + manifest);
        }
        deletes[i] = System.nanoTime() - started;
      }
      print("delete of a manifest with 1,000 tags", deletes);
    }
  }

  /** The name of a tag of {@link #BIG} in {@link #fill}. */
  static String tag(int number) {
    return "t-%06d".formatted(number);
  }

  static String repository(int number) {
    return "r-%06d".formatted(number);
  }

  private static void print(String title, Callable<?> work) throws Exception {
    long[] nanos = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long started = System.nanoTime();
      work.call();
      nanos[i] = System.nanoTime() - started;
    }
    print(title, nanos);
  }

  private static void print(String title, long[] nanos) {
    Arrays.sort(nanos);
    System.out.printf(
        "%-50s median %8.2f ms, best %8.2f, worst %8.2f%n",
        title, nanos[ROUNDS / 2] / 1e6, nanos[0] / 1e6, nanos[ROUNDS - 1] / 1e6);
  }

  /** Makes a data root with rows for so many blobs, and none of their bytes. */
  static void fill(Path folder, int blobs) throws IOException, SQLException {
    SqliteMetadataStore.open(Files.createDirectories(folder)).close();
    Path file = folder.resolve("metadata.db");
    String numbers =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ";
    int manifests = ROUNDS + 1;
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement()) {
      connection.setAutoCommit(false);
      sql.execute("INSERT INTO repository(id, name) VALUES(1, 'big')");
      sql.execute(
          numbers.formatted(blobs / 10)
              + "INSERT INTO repository(id, name) SELECT i + 1, printf('r-%06d', i) FROM n");
      sql.execute(
          numbers.formatted(blobs + manifests)
              + "INSERT INTO content(id, digest, size, last_use)"
              + " SELECT i, printf('sha256:%064x', i), 1000, 0 FROM n");
      sql.execute(
          numbers.formatted(blobs)
              + "INSERT INTO blob_link SELECT CASE WHEN i % 10 = 0 THEN 1 ELSE i / 10 + 2 END, i, 0"
              + " FROM n WHERE i / 10 + 2 <= "
              + (blobs / 10 + 1));
      sql.execute(
          numbers.formatted(manifests)
              + "INSERT INTO manifest(repository, content, media_type, artifact_type, annotations,"
              + " pushed) SELECT 1, i + %d, '%s', '', '{}', 0 FROM n"
                  .formatted(blobs, RegistryBenchmark.MANIFEST));
      sql.execute(
          numbers.formatted(blobs / 10)
              // the manifests to be deleted get a share each, the last one all the rest
              + "INSERT INTO tag SELECT 1, printf('t-%06d', i), "
              + (blobs + 1)
              + " + min(i / "
              + DELETED_TAGS
              + ", "
              + (manifests - 1)
              + "), 0 FROM n");
      connection.commit();
    }
  }
}
