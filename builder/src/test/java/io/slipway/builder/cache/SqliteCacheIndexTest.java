package io.slipway.builder.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.builder.graph.Identity;
import io.slipway.image.model.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteCacheIndexTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("cache.db");
  }

  static CacheKey key(String name) {
    return new CacheKey(Digest.of(name.getBytes(StandardCharsets.UTF_8)));
  }

  private static CacheRecord record(String name, String slot, Instant created) {
    var parts = List.of(new Identity.Part("env.A=\\", "1\n=\\2"), new Identity.Part("b", ""));
    return new CacheRecord(key(name), slot, name, parts, created, Duration.ofMillis(7));
  }

  @Test
  void remembersAcrossOpenings() {
    Instant now = Instant.ofEpochMilli(1_700_000_000_123L);
    try (var index = new SqliteCacheIndex(file)) {
      index.alias(key("a"), key("b"));
      index.record(record("old", "slot", now.minusSeconds(5)));
      index.record(record("new", "slot", now));
      index.record(record("other", "elsewhere", now.plusSeconds(5)));
      index.touch(key("new"), now);
    }
    try (var index = new SqliteCacheIndex(file)) {
      assertThat(index.canonical(key("a"))).contains(key("b"));
      assertThat(index.canonical(key("b"))).isEmpty();
      assertThat(index.lastIn("slot")).contains(record("new", "slot", now));
      assertThat(index.lastIn("nowhere")).isEmpty();
    }
  }

  @Test
  void followsAliasesToTheLast() {
    try (var index = new SqliteCacheIndex(file)) {
      index.alias(key("definition"), key("content"));
      index.alias(key("content"), key("fresh"));
      assertThat(index.canonical(key("definition"))).contains(key("fresh"));
      index.alias(key("fresh"), key("fresher"));
      assertThat(index.canonical(key("definition"))).contains(key("fresher"));
    }
  }

  @Test
  void putsADamagedFileAside() throws Exception {
    Files.writeString(file, "this is not a database, not even nearly one, however long it is");
    try (var index = new SqliteCacheIndex(file)) {
      index.alias(key("a"), key("b"));
      index.flush();
      assertThat(index.canonical(key("a"))).contains(key("b"));
    }
    assertThat(folder.resolve("cache.db.bad")).exists();
    try (var index = new SqliteCacheIndex(file)) {
      assertThat(index.canonical(key("a"))).isEqualTo(Optional.of(key("b")));
    }
  }

  /** Without a close, as after kill -9: what was flushed is there. */
  @Test
  void survivesAnOwnerThatIsGone() throws Exception {
    var gone = new SqliteCacheIndex(file);
    gone.alias(key("a"), key("b"));
    gone.flush();
    Path copy = Files.createDirectory(folder.resolve("after"));
    for (String part : List.of("cache.db", "cache.db-wal")) {
      Files.copy(folder.resolve(part), copy.resolve(part));
    }
    try (var index = new SqliteCacheIndex(copy.resolve("cache.db"))) {
      assertThat(index.canonical(key("a"))).contains(key("b"));
    }
    gone.close();
  }
}
