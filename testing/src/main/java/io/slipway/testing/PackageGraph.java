package io.slipway.testing;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/** Package to the packages its classes use, as the JDK's own {@code jdeps} reports them. */
record PackageGraph(Map<String, Set<String>> uses) {
  private static final Pattern EDGE = Pattern.compile("^\\s+(\\S+)\\s+->\\s+(\\S+)\\s+.*$");

  static PackageGraph of(Path classes) {
    ToolProvider jdeps =
        ToolProvider.findFirst("jdeps").orElseThrow(() -> new IllegalStateException("no jdeps"));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        jdeps.run(
            new PrintWriter(out),
            new PrintWriter(err),
            "-verbose:package",
            "-filter:none",
            "--ignore-missing-deps",
            "--multi-release",
            "base",
            classes.toString());
    if (status != 0) {
      throw new IllegalStateException("jdeps " + classes + ": " + out + err);
    }
    Map<String, Set<String>> uses = new TreeMap<>();
    out.toString()
        .lines()
        .map(EDGE::matcher)
        .filter(Matcher::matches)
        .filter(m -> m.group(1).startsWith("io.slipway."))
        .forEach(m -> uses.computeIfAbsent(m.group(1), k -> new TreeSet<>()).add(m.group(2)));
    return new PackageGraph(uses);
  }

  /** The import cycles, each written as {@code a -> b -> a}; one per back edge of the walk. */
  List<String> cycles() {
    List<String> found = new ArrayList<>();
    Set<String> done = new TreeSet<>();
    new TreeSet<>(uses.keySet()).forEach(start -> walk(start, new ArrayList<>(), done, found));
    return found;
  }

  private void walk(String at, List<String> path, Set<String> done, List<String> found) {
    int seen = path.indexOf(at);
    if (seen >= 0) {
      found.add(String.join(" -> ", path.subList(seen, path.size())) + " -> " + at);
      return;
    }
    if (done.contains(at)) {
      return;
    }
    path.add(at);
    for (String next : uses.getOrDefault(at, Set.of())) {
      if (!next.equals(at) && uses.containsKey(next)) {
        walk(next, path, done, found);
      }
    }
    path.removeLast();
    done.add(at);
  }
}
