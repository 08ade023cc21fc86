package io.slipway.registry.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.image.content.AtomicFile;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.registry.config.Action;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The API keys of a registry, as read once from {@code DATA_ROOT/auth/api-keys.json}. A key reads
 * {@code slw_ID_SECRET}; only its hash is kept.
 */
public final class ApiKeyFile {
  /** What every key begins with, so that it is known for one wherever it leaks. */
  static final String PREFIX = "slw_";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ID_BYTES = 5;
  private static final int SECRET_BYTES = 32;

  private final List<ApiKey> keys;

  private ApiKeyFile(List<ApiKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /** A new key and the only time that its text is known. */
  public record Created(ApiKey key, String text) {}

  public static Path path(Path dataRoot) {
    return dataRoot.resolve("auth").resolve("api-keys.json");
  }

  /** An absent file holds no keys. */
  public static ApiKeyFile read(Path file) {
    List<ApiKey> keys = new ArrayList<>();
    try {
      for (JsonNode one : JSON.readTree(Files.readAllBytes(file)).path("keys")) {
        keys.add(parse(one));
      }
    } catch (NoSuchFileException e) {
      return new ApiKeyFile(List.of());
    } catch (IOException | RuntimeException e) {
      throw new SlipwayException(
          ErrorKind.INVALID, "cannot read API keys " + file + ": " + e.getMessage(), e);
    }
    return new ApiKeyFile(keys);
  }

  private static ApiKey parse(JsonNode json) {
    List<NamePattern> repositories = new ArrayList<>();
    json.path("repositories").forEach(r -> repositories.add(NamePattern.parse(r.asText())));
    Set<Action> actions = new HashSet<>();
    json.path("actions").forEach(a -> actions.add(Action.valueOf(a.asText())));
    return new ApiKey(
        json.required("id").asText(),
        json.required("user").asText(),
        json.required("hash").asText(),
        Instant.parse(json.required("created").asText()),
        Optional.ofNullable(json.get("expires")).map(e -> Instant.parse(e.asText())),
        repositories,
        actions,
        json.path("note").asText());
  }

  public List<ApiKey> keys() {
    return keys;
  }

  /** The key that a text is, if it is one and its secret is right. */
  Optional<ApiKey> find(String text) {
    String[] parts = text.split("_", 3);
    if (parts.length != 3) {
      return Optional.empty();
    }
    byte[] hash = hash(parts[2]).getBytes(StandardCharsets.US_ASCII);
    return keys.stream()
        .filter(k -> k.id().equals(parts[1]))
        .filter(k -> MessageDigest.isEqual(k.hash().getBytes(StandardCharsets.US_ASCII), hash))
        .findFirst();
  }

  Optional<ApiKey> byId(String id) {
    return keys.stream().filter(k -> k.id().equals(id)).findFirst();
  }

  /** These keys and a new one. {@code shape} has everything but id and hash. */
  public static Created create(
      Path file, String user, Optional<Instant> expires, ApiKeyBounds bounds, Instant now) {
    SecureRandom random = new SecureRandom();
    String id = hex(random, ID_BYTES);
    String secret = hex(random, SECRET_BYTES);
    ApiKey key =
        new ApiKey(
            id,
            user,
            hash(secret),
            now,
            expires,
            bounds.repositories(),
            bounds.actions(),
            bounds.note());
    List<ApiKey> all = new ArrayList<>(read(file).keys());
    all.add(key);
    write(file, all);
    return new Created(key, PREFIX + id + "_" + secret);
  }

  /** False when there is no such key. */
  public static boolean revoke(Path file, String id) {
    List<ApiKey> all = new ArrayList<>(read(file).keys());
    boolean found = all.removeIf(k -> k.id().equals(id));
    if (found) {
      write(file, all);
    }
    return found;
  }

  private static void write(Path file, List<ApiKey> keys) {
    ObjectNode json = JSON.createObjectNode();
    for (ApiKey key : keys) {
      ObjectNode one = json.withArrayProperty("keys").addObject();
      one.put("id", key.id()).put("user", key.user()).put("hash", key.hash());
      one.put("created", key.created().toString());
      key.expires().ifPresent(e -> one.put("expires", e.toString()));
      key.repositories().forEach(r -> one.withArrayProperty("repositories").add(r.toString()));
      key.actions().forEach(a -> one.withArrayProperty("actions").add(a.name()));
      one.put("note", key.note());
    }
    try {
      AtomicFile.createDirectories(file.getParent());
      AtomicFile.write(file, Bytes.utf8(json.toPrettyString()), AtomicFile.OWNER_ONLY);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "cannot write API keys " + file + ": " + e.getMessage(), e);
    }
  }

  private static String hex(SecureRandom random, int bytes) {
    byte[] drawn = new byte[bytes];
    random.nextBytes(drawn);
    return HexFormat.of().formatHex(drawn);
  }

  private static String hash(String secret) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
