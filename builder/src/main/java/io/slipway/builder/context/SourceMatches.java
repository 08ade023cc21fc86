package io.slipway.builder.context;

import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.Tree;
import io.slipway.runtime.linux.FileStatus;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds what a source of COPY, ADD or a bind mount names, by the rules of spec/dockerfile.md 2.6:
 * paths are taken inside the tree, links in the literal part and a matched link itself are followed
 * inside it, {@code *} matches names with a leading dot, matches come in lexical order and what is
 * below a matched directory is not looked at.
 */
public final class SourceMatches {
  private static final int MAX_LINKS = 40;

  /** What {@code **} is: no pattern of one name. */
  private static final Optional<Glob> ANY_DEPTH = Optional.empty();

  private final SourceTree source;
  private final Tree tree;
  private final boolean deep;

  private record Place(String path, FileStatus status) {}

  private SourceMatches(SourceTree source, Tree tree, boolean deep) {
    this.source = source;
    this.tree = tree;
    this.deep = deep;
  }

  /**
   * What the path names. A pattern without a match gives nothing.
   *
   * @param path from the tree's root; a leading slash, {@code ..} above it and a trailing slash
   *     make no difference
   * @param wildcards whether the path may be a pattern
   * @throws SlipwayException {@code NOT_FOUND} with BuildKit's sentence if a path without
   *     wildcards, or the target of a matched link, does not exist or is not visible; {@code
   *     INVALID} for a malformed pattern
   */
  public static List<SourceMatch> find(SourceTree source, String path, boolean wildcards)
      throws IOException {
    return find(source, path, wildcards, false);
  }

  /**
   * As {@link #find(SourceTree, String, boolean)}.
   *
   * @param deep whether {@code **} stands for any number of directories; without, it is {@code *}.
   *     What lies in a directory that matches itself is then no further match
   */
  public static List<SourceMatch> find(
      SourceTree source, String path, boolean wildcards, boolean deep) throws IOException {
    try (Tree tree = source.open()) {
      SourceMatches matches = new SourceMatches(source, tree, deep);
      List<String> names = GoPaths.namesInRoot(path);
      int first = 0;
      while (first < names.size() && !(wildcards && hasWildcard(names.get(first)))) {
        first++;
      }
      return first == names.size()
          ? List.of(matches.literal(names, wildcards))
          : matches.pattern(names, first);
    }
  }

  /** Docker's words for a path that is not there. */
  static SlipwayException notFound(SourceTree source, String path) {
    return SlipwayException.notFound(
        "failed to compute cache key: failed to calculate checksum of ref "
            + source.ref()
            + ": \"/"
            + path
            + "\": not found");
  }

  private SourceMatch literal(List<String> names, boolean wildcards) throws IOException {
    String matched = String.join("/", names);
    Optional<Place> place = resolve(names);
    if (place.isEmpty() && wildcards && matched.indexOf('\\') >= 0) {
      // A pattern whose special characters are all escaped.
      List<String> plain = names.stream().map(SourceMatches::unescape).toList();
      matched = String.join("/", plain);
      place = resolve(plain);
    }
    if (place.isEmpty() || !isVisible(place.get())) {
      throw notFound(source, matched);
    }
    return new SourceMatch(matched, place.get().path, place.get().status);
  }

  private List<SourceMatch> pattern(List<String> names, int first) throws IOException {
    List<Optional<Glob>> globs =
        names.subList(first, names.size()).stream()
            .map(name -> deep && name.equals("**") ? ANY_DEPTH : Optional.of(Glob.ofName(name)))
            .toList();
    List<String> literal = names.subList(0, first);
    Optional<Place> base = resolve(literal);
    List<SourceMatch> matches = new ArrayList<>();
    if (base.isPresent() && base.get().status.isDirectory()) {
      match(String.join("/", literal), base.get().path, globs, matches);
    }
    return deep ? outermost(matches) : matches;
  }

  /** Without doubles and what comes along with another match. */
  private static List<SourceMatch> outermost(List<SourceMatch> matches) {
    Map<String, SourceMatch> byPath = new TreeMap<>();
    matches.forEach(match -> byPath.putIfAbsent(match.matched(), match));
    Set<String> directories = new HashSet<>();
    byPath.forEach((path, match) -> {
      if (match.status().isDirectory()) {
        directories.add(path);
      }
    });
    return byPath.values().stream().filter(m -> !isBelow(m.matched(), directories)).toList();
  }

  private static boolean isBelow(String path, Set<String> directories) {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (directories.contains(path.substring(0, slash))) {
        return true;
      }
    }
    return false;
  }

  private void match(
      String matched, String path, List<Optional<Glob>> globs, List<SourceMatch> into)
      throws IOException {
    boolean anyDepth = globs.getFirst().isEmpty();
    if (anyDepth && globs.size() > 1) {
      match(matched, path, globs.subList(1, globs.size()), into);
    }
    try (Dir dir = tree.directory(path)) {
      for (String name : dir.names()) {
        if (!anyDepth && !globs.getFirst().get().matches(name)) {
          continue;
        }
        Optional<FileStatus> status = dir.status(name);
        if (status.isEmpty()) {
          continue;
        }
        String found = join(matched, name);
        Place place = new Place(join(path, name), status.get());
        if (globs.size() == 1) {
          add(found, place, into);
        } else if (status.get().isDirectory()) {
          match(found, place.path, anyDepth ? globs : globs.subList(1, globs.size()), into);
        }
      }
    }
  }

  private void add(String matched, Place place, List<SourceMatch> into) throws IOException {
    if (!isVisible(place)) {
      return;
    }
    Optional<Place> real =
        place.status.isSymlink()
            ? resolve(Arrays.asList(place.path.split("/")))
            : Optional.of(place);
    if (real.isEmpty() || !isVisible(real.get())) {
      throw notFound(source, matched);
    }
    into.add(new SourceMatch(matched, real.get().path, real.get().status));
  }

  /** Follows every link; empty if there is nothing, or a link on the way is left out. */
  private Optional<Place> resolve(List<String> names) throws IOException {
    Deque<String> ahead = new ArrayDeque<>(names);
    String done = "";
    FileStatus status = tree.root().status();
    int links = 0;
    while (!ahead.isEmpty()) {
      String name = ahead.pop();
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      Optional<Place> next =
          name.equals("..") ? directory(parentOf(done)) : child(done, name, status);
      if (next.isEmpty()) {
        return next;
      }
      status = next.get().status;
      if (!status.isSymlink()) {
        done = next.get().path;
        continue;
      }
      if (++links > MAX_LINKS || source.hidden().excludes(next.get().path)) {
        return Optional.empty();
      }
      String target = readLink(done, name);
      done = target.startsWith("/") ? "" : done;
      status = directory(done).orElseThrow().status;
      Arrays.asList(target.split("/")).reversed().forEach(ahead::push);
    }
    return Optional.of(new Place(done, status));
  }

  private Optional<Place> directory(String path) throws IOException {
    return tree.status(path).map(status -> new Place(path, status));
  }

  private Optional<Place> child(String parent, String name, FileStatus there) throws IOException {
    if (!there.isDirectory()) {
      return Optional.empty();
    }
    try (Dir dir = tree.directory(parent)) {
      return dir.status(name).map(status -> new Place(join(parent, name), status));
    }
  }

  private String readLink(String parent, String name) throws IOException {
    try (Dir dir = tree.directory(parent)) {
      return dir.readLink(name);
    }
  }

  private boolean isVisible(Place place) throws IOException {
    PathPatterns hidden = source.hidden();
    int decision = hidden.decide(place.path);
    if (!hidden.excludes(decision)) {
      return true;
    }
    return place.status.isDirectory()
        && hidden.mayReinclude(decision, place.path)
        && SourceWalk.findsAny(source, place.path);
  }

  private static String parentOf(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  private static String join(String parent, String name) {
    return parent.isEmpty() ? name : parent + "/" + name;
  }

  private static boolean hasWildcard(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '*' || c == '?' || c == '[') {
        return true;
      }
    }
    return false;
  }

  private static String unescape(String name) {
    return name.replaceAll("\\\\(.)", "$1");
  }
}
