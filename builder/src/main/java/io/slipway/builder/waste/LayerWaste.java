package io.slipway.builder.waste;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one layer wastes.
 *
 * @param repeated files of layers below that are here again only for another mode or owner
 * @param removed files that are gone from here on, by the name of the layer that has them
 */
record LayerWaste(
    @JsonProperty("repeated") Amount repeated,
    @JsonProperty("removed") Map<String, Amount> removed) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Some files.
   *
   * @param example path of the first; empty if there is none
   */
  record Amount(
      @JsonProperty("files") int files,
      @JsonProperty("bytes") long bytes,
      @JsonProperty("example") String example) {
    static final Amount NONE = new Amount(0, 0, "");

    Amount with(String path, long more) {
      return new Amount(files + 1, bytes + more, files == 0 ? "/" + path : example);
    }
  }

  static final LayerWaste NONE = new LayerWaste(Amount.NONE, Map.of());

  LayerWaste {
    removed = Map.copyOf(removed);
  }

  LayerWaste withRepeated(String path, long bytes) {
    return new LayerWaste(repeated.with(path, bytes), removed);
  }

  LayerWaste withRemoved(String layer, String path, long bytes) {
    var more = new TreeMap<>(removed);
    more.put(layer, removed.getOrDefault(layer, Amount.NONE).with(path, bytes));
    return new LayerWaste(repeated, more);
  }

  String text() throws JsonProcessingException {
    return JSON.writeValueAsString(this);
  }

  /** Empty if the text is not one of {@link #text}. */
  static Optional<LayerWaste> parse(String text) {
    try {
      return Optional.of(JSON.readValue(text, LayerWaste.class));
    } catch (JsonProcessingException e) {
      // of another version: it is found out again
      return Optional.empty();
    }
  }
}
