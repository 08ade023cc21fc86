package io.slipway.cli.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** What makes two images, built by dockerd and by us, different. */
final class ImageComparison {
  private ImageComparison() {}

  /** A line for each difference; empty if there is none. */
  static String differences(ImageTree theirs, ImageTree mine) {
    List<String> all = new ArrayList<>();
    compare("configuration", comparable(theirs.config()), comparable(mine.config()), all);
    compare(
        "which history entries are layers", layers(theirs.config()), layers(mine.config()), all);
    all.addAll(differences(theirs.files(), mine.files()));
    return String.join("\n", all);
  }

  private static void compare(String what, Object theirs, Object mine, List<String> all) {
    if (!theirs.equals(mine)) {
      all.add(what + "\n  dockerd: " + theirs + "\n  ours:    " + mine);
    }
  }

  /** Each path that differs, as dockerd has it and as we have it. */
  private static List<String> differences(Map<String, String> theirs, Map<String, String> mine) {
    Set<String> paths = new TreeSet<>(theirs.keySet());
    paths.addAll(mine.keySet());
    return paths.stream()
        .filter(path -> !Objects.equals(theirs.get(path), mine.get(path)))
        .map(path -> path + "\n  dockerd: " + theirs.get(path) + "\n  ours:    " + mine.get(path))
        .toList();
  }

  /** The run configuration; absent, null, empty and "/" for the working directory are the same. */
  static Map<String, String> comparable(JsonNode image) {
    Map<String, String> members = new TreeMap<>();
    ObjectNode config = (ObjectNode) image.get("config");
    config
        .properties()
        .forEach(member -> {
          JsonNode value = member.getValue();
          boolean empty =
              value.isNull()
                  || value.isContainerNode() && value.isEmpty()
                  || value.isTextual() && value.asText().isEmpty()
                  || member.getKey().equals("WorkingDir") && value.asText().equals("/");
          if (!empty) {
            members.put(member.getKey(), sorted(value));
          }
        });
    members.put("author", image.path("author").asText());
    members.put("platform", image.get("os").asText() + "/" + image.get("architecture").asText());
    return members;
  }

  private static String sorted(JsonNode value) {
    if (!value.isObject()) {
      return value.toString();
    }
    Map<String, String> members = new TreeMap<>();
    value.properties().forEach(m -> members.put(m.getKey(), sorted(m.getValue())));
    return members.toString();
  }

  /** What the history says of each step that has a text, and whether it made a layer. */
  static List<String> history(JsonNode image) {
    return StreamSupport.stream(image.path("history").spliterator(), false)
        .filter(h -> !h.path("created_by").asText().isEmpty())
        .map(h ->
            h.path("created_by").asText()
                + (h.path("empty_layer").asBoolean() ? " (no layer)" : ""))
        .toList();
  }

  private static List<Boolean> layers(JsonNode image) {
    return StreamSupport.stream(image.path("history").spliterator(), false)
        .map(h -> !h.path("empty_layer").asBoolean())
        .toList();
  }
}
