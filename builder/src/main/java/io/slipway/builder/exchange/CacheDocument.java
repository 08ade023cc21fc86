package io.slipway.builder.exchange;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * What an exported cache holds.
 *
 * @param layers of all results; one without a blob is a base image's
 * @param mounts directories of cache mounts
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record CacheDocument(
    @JsonProperty("version") int version,
    @JsonProperty("layers") List<Layer> layers,
    @JsonProperty("results") List<Result> results,
    @JsonProperty("mounts") List<Mount> mounts) {
  static final String MEDIA_TYPE = "application/vnd.slipway.buildcache.v1+json";

  /** The member of an image's config that holds an inline cache. */
  static final String MEMBER = "slipway.buildcache.v1";

  static final int VERSION = 1;
  private static final int MAX_RESULTS = 100_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A layer.
   *
   * @param diffId of its tar
   * @param blob index among the manifest's layers; -1 if it is not among them
   * @param tarBytes size of the uncompressed tar
   */
  record Layer(
      @JsonProperty("diffId") String diffId,
      @JsonProperty("blob") int blob,
      @JsonProperty("tarBytes") long tarBytes) {
    Layer {
      requireDigest(diffId);
    }
  }

  /**
   * What a step made.
   *
   * @param key of the step
   * @param names further keys that mean the same
   * @param step for people
   * @param layers indexes of the layers of the whole tree, base first
   */
  record Result(
      @JsonProperty("key") String key,
      @JsonProperty("names") List<String> names,
      @JsonProperty("step") String step,
      @JsonProperty("layers") List<Integer> layers) {
    Result {
      requireDigest(key);
      names = names == null ? List.of() : List.copyOf(names);
      layers = layers == null ? List.of() : List.copyOf(layers);
      names.forEach(CacheDocument::requireDigest);
    }
  }

  /** A cache mount's directory as a tar. */
  record Mount(
      @JsonProperty("id") String id,
      @JsonProperty("mode") int mode,
      @JsonProperty("uid") long uid,
      @JsonProperty("gid") long gid,
      @JsonProperty("blob") int blob) {
    Mount {
      Objects.requireNonNull(id, "id");
    }
  }

  CacheDocument {
    layers = layers == null ? List.of() : List.copyOf(layers);
    results = results == null ? List.of() : List.copyOf(results);
    mounts = mounts == null ? List.of() : List.copyOf(mounts);
  }

  private static void requireDigest(String text) {
    Digest.parse(Objects.requireNonNull(text, "digest"));
  }

  Bytes bytes() {
    try {
      return Bytes.utf8(JSON.writeValueAsString(this));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @throws SlipwayException INVALID if it is none
   */
  static CacheDocument parse(Bytes bytes) {
    try {
      CacheDocument document =
          JSON.readValue(new String(bytes.toArray(), StandardCharsets.UTF_8), CacheDocument.class);
      if (document == null) {
        throw SlipwayException.invalid("build cache cannot be read: it is null");
      }
      if (document.version != VERSION) {
        throw SlipwayException.invalid("build cache of unknown version " + document.version);
      }
      document.check();
      return document;
    } catch (JsonProcessingException e) {
      throw SlipwayException.invalid("build cache cannot be read: " + e.getOriginalMessage());
    }
  }

  private void check() {
    if (results.size() > MAX_RESULTS) {
      throw SlipwayException.invalid("build cache has more than " + MAX_RESULTS + " results");
    }
    for (Result result : results) {
      for (int layer : result.layers) {
        if (layer < 0 || layer >= layers.size()) {
          throw SlipwayException.invalid("build cache names layer " + layer + " that it has not");
        }
      }
    }
  }
}
