package io.slipway.engine.build;

import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.builder.export.BuildOutput;
import io.slipway.builder.export.Packing;
import io.slipway.builder.export.Sink;
import io.slipway.engine.model.Json;
import io.slipway.image.content.LayerPacking;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Compression;
import io.slipway.image.name.Reference;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The {@code outputs} parameter: {@code [{"Type":…,"Attrs":{…}}]} as in Docker's API, and with
 * {@code "Stream":N} the session's connection that carries the output to the client.
 */
final class OutputQuery {
  /**
   * That no file of the build's layers is newer than SOURCE_DATE_EPOCH: BuildKit makes it so when
   * asked, as a pass of its own; here the steps do whenever there is such a time.
   */
  private static final String REWRITE_TIMESTAMP = "rewrite-timestamp";

  private static final Set<String> ANY = Set.of("target", "name", "dest", "tar");
  private static final Set<String> ANNOTATIONS =
      Set.of("annotation.", "annotation-manifest.", "annotation-index.");
  private static final Set<String> PACKING =
      Set.of(
          "compression",
          "compression-level",
          "force-compression",
          "oci-mediatypes",
          REWRITE_TIMESTAMP);

  private final BuildSession session;
  private final List<Reference> tags;

  /**
   * @param tags of outputs that name none
   */
  OutputQuery(BuildSession session, List<Reference> tags) {
    this.session = session;
    this.tags = tags;
  }

  /** One output as it is asked for. */
  private record Asked(String type, Map<String, String> attributes, int stream) {
    String get(String name) {
      return attributes.getOrDefault(name, "");
    }

    String target() {
      return get("target");
    }
  }

  List<BuildOutput> read(String json) {
    if (json.isEmpty() || json.equals("null") || json.equals("[]")) {
      return List.of(new BuildOutput.Image(tags));
    }
    JsonNode tree =
        Json.tryTree(json)
            .filter(JsonNode::isArray)
            .orElseThrow(() -> SlipwayException.invalid("outputs is not a JSON array: " + json));
    List<BuildOutput> outputs = new ArrayList<>();
    for (JsonNode item : tree) {
      outputs.addAll(outputs(asked(item)));
    }
    return outputs;
  }

  private static Asked asked(JsonNode item) {
    Map<String, String> attributes = new LinkedHashMap<>();
    item.path("Attrs")
        .properties()
        .forEach(member -> attributes.put(member.getKey(), member.getValue().asText()));
    return new Asked(item.path("Type").asText(), attributes, item.path("Stream").asInt(-1));
  }

  private List<BuildOutput> outputs(Asked asked) {
    return switch (asked.type) {
      case "image" -> images(asked);
      case "registry" -> List.of(registry(asked));
      case "oci" ->
          List.of(
              new BuildOutput.Archive(
                  asked.target(), false, names(asked), packing(asked), sink(asked)));
      case "docker" -> {
        packing(asked);
        yield asked.stream < 0
            ? List.of(new BuildOutput.Image(asked.target(), names(asked)))
            : List.of(
                new BuildOutput.Archive(
                    asked.target(), true, names(asked), packing(asked), sink(asked)));
      }
      case "local", "tar" -> {
        refuseUnknown(asked, Set.of());
        yield List.of(new BuildOutput.Tar(asked.target(), sink(asked)));
      }
      case "cacheonly" -> {
        refuseUnknown(asked, Set.of());
        yield List.of(new BuildOutput.CacheOnly(asked.target()));
      }
      default ->
          throw SlipwayException.invalid(
              "exporter \""
                  + asked.type
                  + "\" could not be found: use local, tar, oci, docker, image, registry or"
                  + " cacheonly");
    };
  }

  private List<BuildOutput> images(Asked asked) {
    List<BuildOutput> outputs = new ArrayList<>();
    boolean push = truth(asked, "push", false);
    if (truth(asked, "store", true)) {
      outputs.add(new BuildOutput.Image(asked.target(), names(asked)));
    }
    Packing packing = packing(asked);
    if (push) {
      outputs.add(new BuildOutput.Registry(asked.target(), pushed(asked), packing));
    }
    return outputs;
  }

  private BuildOutput registry(Asked asked) {
    return new BuildOutput.Registry(asked.target(), pushed(asked), packing(asked));
  }

  private List<Reference> pushed(Asked asked) {
    List<Reference> names = names(asked);
    if (names.isEmpty()) {
      throw SlipwayException.invalid("tag is needed when pushing to registry");
    }
    return names;
  }

  private List<Reference> names(Asked asked) {
    String names = asked.get("name");
    if (names.isEmpty()) {
      return tags;
    }
    List<Reference> all = new ArrayList<>();
    for (String name : names.split(",")) {
      all.add(Reference.parse(name.strip()).withDefaultTag());
    }
    return all;
  }

  private static Packing packing(Asked asked) {
    refuseUnknown(asked, PACKING);
    truth(asked, REWRITE_TIMESTAMP, true);
    Map<String, String> manifest = new LinkedHashMap<>();
    Map<String, String> index = new LinkedHashMap<>();
    asked.attributes.forEach((name, value) -> {
      if (name.startsWith("annotation.") || name.startsWith("annotation-manifest.")) {
        manifest.put(name.substring(name.indexOf('.') + 1), value);
      } else if (name.startsWith("annotation-index.")) {
        index.put(name.substring(name.indexOf('.') + 1), value);
      }
    });
    String compression = asked.get("compression");
    Compression kind =
        switch (compression) {
          case "", "gzip" -> Compression.GZIP;
          case "zstd" -> Compression.ZSTD;
          case "uncompressed" -> Compression.NONE;
          default ->
              throw SlipwayException.invalid(
                  "unsupported layer compression type \""
                      + compression
                      + "\": use gzip, zstd or uncompressed");
        };
    boolean force = truth(asked, "force-compression", false);
    // a kind that is asked for holds for the layers of this build, --force for those below too
    var layers = new LayerPacking(kind, level(asked, kind), force || !compression.isEmpty());
    return new Packing(layers, force, manifest, index);
  }

  private static OptionalInt level(Asked asked, Compression kind) {
    String text = asked.get("compression-level");
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    int most = kind == Compression.ZSTD ? 22 : 9;
    if (!text.matches("[0-9]{1,2}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > most) {
      throw SlipwayException.invalid(
          "invalid compression-level \"" + text + "\": it is from 1 to " + most);
    }
    return OptionalInt.of(Integer.parseInt(text));
  }

  private static void refuseUnknown(Asked asked, Set<String> more) {
    for (String name : asked.attributes.keySet()) {
      boolean image = asked.type.equals("image") && Set.of("push", "store").contains(name);
      boolean annotation =
          ANNOTATIONS.stream().anyMatch(kind -> name.startsWith(kind)) && !more.isEmpty();
      if (!ANY.contains(name) && !more.contains(name) && !image && !annotation) {
        throw new SlipwayException(
            ErrorKind.UNSUPPORTED,
            "option " + name + " of output type " + asked.type + " is not supported");
      }
    }
  }

  private static boolean truth(Asked asked, String name, boolean absent) {
    String value = asked.get(name);
    return switch (value) {
      case "" -> absent;
      case "true", "1" -> true;
      case "false", "0" -> false;
      default ->
          throw SlipwayException.invalid("non-bool value specified for " + name + ": " + value);
    };
  }

  private Sink sink(Asked asked) {
    int stream = asked.stream;
    if (stream < 0 || stream >= session.outputs()) {
      throw SlipwayException.invalid(
          "output type "
              + asked.type
              + " goes to the client: it needs a session of the slipway command");
    }
    return new Sink() {
      @Override
      public OutputStream open() throws IOException, InterruptedException {
        return session.stream(stream);
      }

      @Override
      public void done() {
        session.done(stream);
      }
    };
  }
}
