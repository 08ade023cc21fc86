package io.slipway.builder.solver;

import io.slipway.builder.cache.CacheIndex;
import io.slipway.builder.cache.CacheRecord;
import io.slipway.builder.context.ContentListing;
import io.slipway.builder.graph.Identity;
import io.slipway.builder.graph.Vertex;
import io.slipway.image.model.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a step made the last time, and in what its key has changed since. For one thread. */
final class FormerResult {
  private static final String CONTENT = "content.";
  private static final List<String> OF_ANOTHER_TREE = List.of("input.", "base.");

  private final CacheRecord record;
  private final FoundKey found;
  private final CacheIndex index;
  private final Map<Difference, Optional<List<ContentListing.Change>>> changes = new HashMap<>();
  private final List<Difference> differences;

  private FormerResult(CacheRecord record, FoundKey found, CacheIndex index) {
    this.record = record;
    this.found = found;
    this.index = index;
    this.differences = differences(record, found);
  }

  /** A part of the key that is not as it was. */
  record Difference(String name, Optional<String> was, Optional<String> is) {
    boolean isContent() {
      return name.startsWith(CONTENT);
    }

    /** What is read. */
    String path() {
      return name.substring(CONTENT.length());
    }

    /** Listings begin with the last name of what is copied; this is what leads there. */
    String folder() {
      String path = path();
      String folder = path.substring(0, path.lastIndexOf('/') + 1);
      String relative = folder.startsWith("/") ? folder.substring(1) : folder;
      return isPattern(relative) ? "" : relative;
    }

    private boolean leadsThroughPattern() {
      return isPattern(path());
    }

    private static boolean isPattern(String path) {
      return path.matches(".*[*?\\[].*");
    }
  }

  /** Empty if the step has made nothing before, or is internal. */
  static Optional<FormerResult> of(Vertex vertex, FoundKey found, CacheIndex index) {
    return Optional.of(vertex.info().slot())
        .filter(slot -> !slot.isEmpty())
        .flatMap(index::lastIn)
        .map(record -> new FormerResult(record, found, index));
  }

  CacheRecord record() {
    return record;
  }

  /** In the order of the parts. */
  List<Difference> differences() {
    return differences;
  }

  private static List<Difference> differences(CacheRecord record, FoundKey found) {
    Map<String, String> before = byName(record.parts());
    Map<String, String> after = byName(found.parts());
    var names = new LinkedHashSet<>(after.keySet());
    names.addAll(before.keySet());
    var differences = new ArrayList<Difference>();
    for (String name : names) {
      Optional<String> was = Optional.ofNullable(before.get(name));
      Optional<String> is = Optional.ofNullable(after.get(name));
      if (!was.equals(is)) {
        differences.add(new Difference(name, was, is));
      }
    }
    return List.copyOf(differences);
  }

  private static Map<String, String> byName(List<Identity.Part> parts) {
    var map = new LinkedHashMap<String, String>();
    parts.forEach(part -> map.merge(part.name(), part.value(), (a, b) -> a + " " + b));
    return map;
  }

  /** The files behind a content that has changed; empty if they are not known any more. */
  Optional<List<ContentListing.Change>> changes(Difference content) {
    return changes.computeIfAbsent(content, this::compare);
  }

  private Optional<List<ContentListing.Change>> compare(Difference content) {
    if (content.was().isEmpty() || content.is().isEmpty()) {
      return Optional.empty();
    }
    ContentListing after = found.listings().get(Digest.parse(content.is().get()));
    return after == null
        ? Optional.empty()
        : index.listing(Digest.parse(content.was().get())).map(before -> before.changesIn(after));
  }

  /**
   * The result as a source of files for the new one: if nothing else about the step is different,
   * those that have not changed are the same in both.
   */
  Optional<Reusable> reusable() {
    Set<String> changed = new HashSet<>();
    for (Difference difference : differences) {
      if (OF_ANOTHER_TREE.stream().anyMatch(difference.name()::startsWith)) {
        continue;
      }
      if (!difference.isContent() || difference.leadsThroughPattern()) {
        return Optional.empty();
      }
      Optional<List<ContentListing.Change>> files = changes(difference);
      if (files.isEmpty()) {
        return Optional.empty();
      }
      files.get().forEach(file -> changed.add(file.path()));
    }
    return Optional.of(new Reusable(record.key(), changed));
  }
}
