package io.slipway.registry.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.Nearest;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Settings from a YAML file, over which the environment goes, over which flags go. */
public final class SettingsReader {
  /** What the names of all environment variables begin with. */
  public static final String VARIABLES = "SLIPWAY_REGISTRY_";

  private static final ObjectMapper YAML =
      YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

  private SettingsReader() {}

  /**
   * @param environment all variables; only those that begin with {@link #VARIABLES} are looked at
   * @param flags from keys, such as {@code limits.cache}, to values
   * @throws SlipwayException INVALID naming the source and the key at fault
   */
  public static RegistrySettings read(
      Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
    Path here = Path.of("").toAbsolutePath();
    Path base = file.map(f -> f.toAbsolutePath().getParent()).orElse(here);
    try {
      ObjectNode tree = file.map(SettingsReader::parseFile).orElseGet(SettingsReader::empty);
      overlayVariables(tree, environment, here);
      overlay(tree, flags, here, "flag");
      return new SettingsBinder(base).section(RegistrySettings.class, tree, "");
    } catch (SlipwayException e) {
      String source = file.map(f -> f + ": ").orElse("");
      throw new SlipwayException(e.kind(), source + e.getMessage(), e);
    }
  }

  /** A duration as settings write it, such as {@code 90d}. */
  public static Duration duration(String text) {
    return (Duration) SettingText.parse(Duration.class, text, Path.of("/"));
  }

  /**
   * The same where {@code what} is to be given.
   *
   * @throws SlipwayException INVALID naming it
   */
  public static Duration duration(String what, String text) {
    return named(what, text, Duration.class);
  }

  /** A size as settings write it, such as {@code 10g} or {@code 64MiB}, in bytes. */
  public static long size(String what, String text) {
    return named(what, text, long.class);
  }

  @SuppressWarnings("unchecked")
  private static <T> T named(String what, String text, Class<T> type) {
    try {
      return (T) SettingText.parse(type, text, Path.of("/"));
    } catch (SlipwayException e) {
      throw SlipwayException.invalid("invalid " + what + ": " + e.getMessage());
    }
  }

  /** A section with nothing set. */
  static <T> T defaults(Class<T> section) {
    return new SettingsBinder(Path.of("/")).section(section, empty(), "");
  }

  private static ObjectNode parseFile(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new SlipwayException(ErrorKind.INVALID, "no such file", e);
    } catch (IOException e) {
      throw new SlipwayException(ErrorKind.INVALID, "cannot be read: " + e.getMessage(), e);
    }
  }

  private static ObjectNode parse(String text) {
    JsonNode tree = yaml(text);
    if (tree.isMissingNode() || tree.isNull()) {
      return empty();
    }
    if (tree instanceof ObjectNode object) {
      return object;
    }
    throw SlipwayException.invalid("want keys and values at the top");
  }

  private static JsonNode yaml(String text) {
    try (JsonParser parser = YAML.createParser(text)) {
      JsonNode tree = YAML.readTree(parser);
      if (parser.nextToken() != null) {
        throw SlipwayException.invalid("holds more than one YAML document");
      }
      return tree == null ? JsonNodeFactory.instance.nullNode() : tree;
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : "line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
      String reason = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new SlipwayException(ErrorKind.INVALID, "not valid YAML: " + where + ": " + reason, e);
    } catch (IOException e) {
      throw new SlipwayException(ErrorKind.INTERNAL, "text cannot be read", e);
    }
  }

  private static void overlayVariables(
      ObjectNode tree, Map<String, String> environment, Path base) {
    Map<String, String> keys =
        top().stream().collect(Collectors.toMap(SettingsKey::variable, SettingsKey::path));
    Map<String, String> values = new TreeMap<>();
    environment.forEach((name, value) -> {
      if (name.startsWith(VARIABLES)) {
        if (!keys.containsKey(name)) {
          throw unknown("environment variable", name, keys.keySet());
        }
        values.put(keys.get(name), value);
      }
    });
    overlay(tree, values, base, "environment variable");
  }

  private static void overlay(
      ObjectNode tree, Map<String, String> values, Path base, String source) {
    Map<String, SettingsKey> keys =
        top().stream().collect(Collectors.toMap(SettingsKey::path, Function.identity()));
    values.forEach((path, value) -> {
      SettingsKey key = keys.get(path);
      if (key == null) {
        throw unknown("setting", path, keys.keySet());
      }
      put(tree, path, node(key, value, base), source);
    });
  }

  /** Texts stay texts, so that the binder judges them; what has inner structure is YAML. */
  private static JsonNode node(SettingsKey key, String value, Path base) {
    boolean nested =
        SettingsKey.raw(key.type()) == Map.class
            || SettingsKey.isSection(SettingsKey.item(key.type()))
            || SettingsKey.raw(key.type()) == List.class && value.startsWith("[");
    if (nested) {
      return yaml(value);
    }
    boolean path = SettingsKey.item(key.type()) == Path.class;
    return TextNode.valueOf(path && !value.isBlank() ? base.resolve(value).toString() : value);
  }

  private static void put(ObjectNode tree, String path, JsonNode value, String source) {
    ObjectNode at = tree;
    String[] names = path.split("\\.");
    for (int i = 0; i < names.length - 1; i++) {
      JsonNode next = at.get(names[i]);
      if (next != null && !next.isNull() && !next.isObject()) {
        throw SlipwayException.invalid(
            "setting " + path + " of a " + source + ": " + names[i] + " holds no keys");
      }
      at = next instanceof ObjectNode object ? object : at.putObject(names[i]);
    }
    at.set(names[names.length - 1], value);
  }

  private static List<SettingsKey> top() {
    return SettingsKey.of(RegistrySettings.class).stream().filter(SettingsKey::isTop).toList();
  }

  private static SlipwayException unknown(String what, String name, Collection<String> known) {
    String hint =
        Nearest.to(name, known)
            .or(() -> known.stream().filter(k -> k.endsWith("." + name)).sorted().findFirst())
            .map(n -> " (did you mean " + n + "?)")
            .orElse("");
    return SlipwayException.invalid("unknown " + what + " " + name + hint);
  }

  private static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }
}
