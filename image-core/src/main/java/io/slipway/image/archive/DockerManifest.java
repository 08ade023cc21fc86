package io.slipway.image.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The documents of docker archives: {@code manifest.json} and {@code repositories}. */
final class DockerManifest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DockerManifest() {}

  /**
   * One image of {@code manifest.json}.
   *
   * @param config path of the config
   * @param layers paths of the layers, base first
   */
  record Item(String config, List<String> repoTags, List<String> layers) {
    Item {
      repoTags = List.copyOf(repoTags);
      layers = List.copyOf(layers);
    }
  }

  static List<Item> parse(Bytes bytes) {
    try {
      JsonNode root = JSON.readTree(bytes.stream());
      if (root == null || !root.isArray()) {
        throw malformed(null);
      }
      List<Item> items = new ArrayList<>();
      for (JsonNode item : root) {
        JsonNode config = item.path("Config");
        if (!config.isTextual()) {
          throw malformed(null);
        }
        items.add(new Item(config.textValue(), texts(item, "RepoTags"), texts(item, "Layers")));
      }
      return items;
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  static Bytes write(List<Item> items) {
    ArrayNode root = JSON.createArrayNode();
    for (Item item : items) {
      ObjectNode json = root.addObject().put("Config", item.config());
      if (item.repoTags().isEmpty()) {
        json.putNull("RepoTags");
      } else {
        item.repoTags().forEach(json.putArray("RepoTags")::add);
      }
      item.layers().forEach(json.putArray("Layers")::add);
    }
    return bytes(root);
  }

  /** {@code repositories}: repository, tag, and the hex name of the top layer. */
  static Bytes writeRepositories(Map<String, Map<String, String>> repositories) {
    return bytes(JSON.valueToTree(new TreeMap<>(repositories)));
  }

  private static Bytes bytes(JsonNode json) {
    try {
      return Bytes.copyOf((JSON.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree cannot be printed", e);
    }
  }

  private static List<String> texts(JsonNode item, String field) {
    List<String> texts = new ArrayList<>();
    for (JsonNode text : item.path(field)) {
      if (!text.isTextual()) {
        throw malformed(null);
      }
      texts.add(text.textValue());
    }
    return texts;
  }

  private static SlipwayException malformed(IOException cause) {
    return new SlipwayException(ErrorKind.INVALID, "archive has a malformed manifest.json", cause);
  }
}
