package io.slipway.builder.exchange;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Compression;
import io.slipway.image.name.Reference;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Where a cache comes from or goes to.
 *
 * @param max results of all steps, not only of those that made the layers of the image
 * @param mounts the directories of cache mounts too
 * @param ignoreError a failure is a warning
 */
public record CacheTransfer(
    Place place, boolean max, boolean mounts, boolean ignoreError, Compression compression) {

  /** Where. */
  public sealed interface Place {}

  /** A tag in a registry. */
  public record Registry(Reference reference) implements Place {
    public Registry {
      Objects.requireNonNull(reference, "reference");
    }

    @Override
    public String toString() {
      return reference.familiar();
    }
  }

  /** A directory of this machine in the form of an OCI layout. */
  public record Directory(Path path, String tag) implements Place {
    public Directory {
      Objects.requireNonNull(tag, "tag");
      if (!path.isAbsolute()) {
        throw SlipwayException.invalid("cache directory is not absolute: " + path);
      }
    }

    @Override
    public String toString() {
      return path.toString();
    }
  }

  /** In the config of the image that is built. */
  public record Inline() implements Place {
    @Override
    public String toString() {
      return "the image";
    }
  }

  private static final Set<String> OPTIONS =
      Set.of(
          "type",
          "ref",
          "src",
          "dest",
          "tag",
          "mode",
          "mounts",
          "ignore-error",
          "compression",
          "oci-mediatypes",
          "image-manifest");

  public CacheTransfer {
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(compression, "compression");
  }

  /** A registry's tag to take from. */
  public static CacheTransfer from(Reference reference) {
    return new CacheTransfer(new Registry(reference), false, false, false, Compression.GZIP);
  }

  /** Into the image's config. */
  public static CacheTransfer inline() {
    return new CacheTransfer(new Inline(), false, false, false, Compression.GZIP);
  }

  /**
   * Reads {@code type=registry,ref=host/name:tag,mode=max}; a word without {@code =} is a
   * registry's reference.
   *
   * @param export whether it is where to write to
   */
  public static CacheTransfer parse(String text, boolean export) {
    if (!text.contains("=")) {
      return from(Reference.parseWithDefaultTag(text));
    }
    Map<String, String> fields = fields(text);
    return new CacheTransfer(
        place(text, fields, export),
        mode(fields),
        flag(fields, "mounts", false),
        flag(fields, "ignore-error", false),
        compression(fields));
  }

  private static Map<String, String> fields(String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String field : text.split(",")) {
      int equals = field.indexOf('=');
      if (equals <= 0) {
        throw SlipwayException.invalid(
            "invalid cache \"" + text + "\": \"" + field + "\" is not of the form name=value");
      }
      String name = field.substring(0, equals).strip();
      if (!OPTIONS.contains(name)) {
        throw SlipwayException.invalid(
            "invalid cache \"" + text + "\": option \"" + name + "\" is not supported");
      }
      fields.put(name, field.substring(equals + 1));
    }
    return fields;
  }

  private static Place place(String text, Map<String, String> fields, boolean export) {
    String type = fields.getOrDefault("type", "");
    return switch (type) {
      case "registry" -> new Registry(Reference.parseWithDefaultTag(required(text, fields, "ref")));
      case "local" ->
          new Directory(
              Path.of(required(text, fields, export ? "dest" : "src")),
              fields.getOrDefault("tag", "latest"));
      case "inline" -> {
        if (!export) {
          throw SlipwayException.invalid(
              "cache of type inline is imported with type=registry,ref=IMAGE");
        }
        yield new Inline();
      }
      case "" -> throw SlipwayException.invalid("invalid cache \"" + text + "\": type is missing");
      default ->
          throw SlipwayException.invalid(
              "cache type \"" + type + "\" is not supported: use registry, local or inline");
    };
  }

  private static String required(String text, Map<String, String> fields, String name) {
    return Optional.ofNullable(fields.get(name))
        .filter(value -> !value.isEmpty())
        .orElseThrow(() ->
            SlipwayException.invalid("invalid cache \"" + text + "\": " + name + " is missing"));
  }

  private static boolean mode(Map<String, String> fields) {
    return switch (fields.getOrDefault("mode", "min")) {
      case "min" -> false;
      case "max" -> true;
      default ->
          throw SlipwayException.invalid(
              "invalid cache mode \"" + fields.get("mode") + "\": use min or max");
    };
  }

  private static boolean flag(Map<String, String> fields, String name, boolean otherwise) {
    return switch (fields.getOrDefault(name, Boolean.toString(otherwise))) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default ->
          throw SlipwayException.invalid(
              "invalid value for cache option " + name + ": " + fields.get(name));
    };
  }

  private static Compression compression(Map<String, String> fields) {
    return switch (fields.getOrDefault("compression", "gzip")) {
      case "gzip" -> Compression.GZIP;
      case "zstd" -> Compression.ZSTD;
      case "uncompressed" -> Compression.NONE;
      default ->
          throw SlipwayException.invalid(
              "cache compression \""
                  + fields.get("compression")
                  + "\" is not supported: use gzip, zstd or uncompressed");
    };
  }
}
