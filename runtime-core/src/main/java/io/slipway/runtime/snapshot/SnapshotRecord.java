package io.slipway.runtime.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.image.model.ChainId;
import io.slipway.image.model.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** What is kept on disk of a snapshot beside its files, as one small JSON file per fact. */
final class SnapshotRecord {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SnapshotRecord() {}

  /**
   * {@code committed.json}.
   *
   * @param parent number of the parent
   * @param sequence position in the order of commits
   * @param boot id of the boot in which it was written
   */
  record Committed(
      SnapshotKey key,
      OptionalLong parent,
      long sequence,
      String boot,
      Usage usage,
      Instant created) {

    void write(Path file) throws IOException {
      ObjectNode json = JSON.createObjectNode().put("key", key.value());
      parent.ifPresent(number -> json.put("parent", number));
      json.put("sequence", sequence).put("boot", boot);
      json.put("bytes", usage.bytes()).put("entries", usage.entries());
      replace(file, json.put("created", created.toString()));
    }

    static Optional<Committed> read(Path file) throws IOException {
      return parse(file, Committed::of);
    }

    private static Committed of(JsonNode json) {
      return new Committed(
          new SnapshotKey(text(json, "key")),
          number(json, "parent"),
          number(json, "sequence").orElseThrow(),
          text(json, "boot"),
          new Usage(number(json, "bytes").orElseThrow(), number(json, "entries").orElseThrow()),
          Instant.parse(text(json, "created")));
    }
  }

  /** {@code active.json}, of a snapshot that is to survive the daemon. */
  record Active(SnapshotKey key, OptionalLong parent) {

    void write(Path file) throws IOException {
      ObjectNode json = JSON.createObjectNode().put("key", key.value());
      parent.ifPresent(number -> json.put("parent", number));
      replace(file, json);
    }

    static Optional<Active> read(Path file) throws IOException {
      return parse(
          file, json -> new Active(new SnapshotKey(text(json, "key")), number(json, "parent")));
    }
  }

  /** {@code layer.json}. Losing it costs working it out again, never a layer. */
  static void writeIdentity(Path file, LayerIdentity identity) throws IOException {
    replace(
        file,
        JSON.createObjectNode()
            .put("diffId", identity.diffId().toString())
            .put("chainId", identity.chainId().toString())
            .put("tarBytes", identity.tarBytes()));
  }

  static Optional<LayerIdentity> readIdentity(Path file) throws IOException {
    return parse(
        file,
        json ->
            new LayerIdentity(
                Digest.parse(text(json, "diffId")),
                new ChainId(Digest.parse(text(json, "chainId"))),
                number(json, "tarBytes").orElseThrow()));
  }

  /** {@code settled.json}: commits up to this sequence number are on disk. */
  static void writeSettled(Path file, long sequence) throws IOException {
    replace(file, JSON.createObjectNode().put("sequence", sequence));
  }

  static long readSettled(Path file) throws IOException {
    return parse(file, json -> number(json, "sequence").orElse(0)).orElse(0L);
  }

  private interface Form<T> {
    T of(JsonNode json);
  }

  /** Empty if there is no such file, or if it does not hold what it should: cut off by a crash. */
  private static <T> Optional<T> parse(Path file, Form<T> form) throws IOException {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      return Optional.of(form.of(JSON.readTree(content)));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static String text(JsonNode json, String field) {
    return json.required(field).textValue();
  }

  private static OptionalLong number(JsonNode json, String field) {
    JsonNode value = json.path(field);
    return value.isIntegralNumber() ? OptionalLong.of(value.longValue()) : OptionalLong.empty();
  }

  /**
   * Writes whole or not at all as far as a killed process goes. There is no fsync for each: what a
   * power failure may have cut off is told by the sequence number (see {@link Settling}), which
   * covers the snapshot's files too.
   */
  private static void replace(Path file, ObjectNode json) throws IOException {
    Path temporary =
        file.resolveSibling(file.getFileName() + "." + Thread.currentThread().threadId() + ".tmp");
    try {
      Files.write(temporary, JSON.writeValueAsString(json).getBytes(StandardCharsets.UTF_8));
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
  }
}
