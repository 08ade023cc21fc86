package io.slipway.builder.context;

import io.slipway.image.error.SlipwayException;
import java.util.ArrayList;
import java.util.List;

/**
 * Patterns in the manner of {@code .dockerignore}: a path is left out if the last pattern that
 * matches it or a directory above it has no exclamation mark.
 *
 * <p>So the outcome for a path needs no more than the number of the last pattern that decided, and
 * what is below a directory begins with its number: a <i>decision</i>. A walk hands it down instead
 * of asking again about every directory above.
 */
final class PathPatterns {
  /** No pattern says anything. */
  static final int UNDECIDED = -1;

  static final PathPatterns NONE = new PathPatterns(List.of());

  private record Rule(boolean exception, Glob glob) {}

  private final Rule[] rules;
  private final int lastException;

  private PathPatterns(List<Rule> rules) {
    this.rules = rules.toArray(Rule[]::new);
    int last = UNDECIDED;
    for (int i = 0; i < this.rules.length; i++) {
      last = this.rules[i].exception ? i : last;
    }
    this.lastException = last;
  }

  /**
   * Reads patterns, one each, without comments.
   *
   * @throws SlipwayException {@code INVALID} if one is malformed
   */
  static PathPatterns of(List<String> patterns) {
    List<Rule> rules = new ArrayList<>();
    for (String pattern : patterns) {
      String text = GoPaths.trim(pattern);
      if (text.isEmpty()) {
        continue;
      }
      boolean exception = text.startsWith("!");
      if (exception) {
        text = GoPaths.trim(text.substring(1));
        if (text.isEmpty()) {
          throw SlipwayException.invalid("illegal exclusion pattern: \"!\"");
        }
      }
      String clean = GoPaths.clean(text);
      if (clean.length() > 1 && clean.startsWith("/")) {
        clean = clean.substring(1);
      }
      rules.add(new Rule(exception, Glob.ofPath(clean)));
    }
    return rules.isEmpty() ? NONE : new PathPatterns(rules);
  }

  /** Leaves out exactly these paths, whatever characters they hold. */
  static PathPatterns ofPaths(List<String> paths) {
    return new PathPatterns(
        paths.stream().map(path -> new Rule(false, Glob.ofLiteral(path))).toList());
  }

  boolean isEmpty() {
    return rules.length == 0;
  }

  /** Whether some pattern takes back what another leaves out. */
  boolean hasExceptions() {
    return lastException != UNDECIDED;
  }

  /**
   * The decision for a path.
   *
   * @param above the decision for the directory it is in; {@link #UNDECIDED} for the root
   * @param path from the root, without a leading slash
   */
  int decide(int above, String path) {
    for (int i = rules.length - 1; i > above; i--) {
      if (rules[i].glob.matches(path)) {
        return i;
      }
    }
    return above;
  }

  /** The decision for a path when nothing is known about what is above it. */
  int decide(String path) {
    int decision = UNDECIDED;
    if (rules.length == 0 || path.isEmpty()) {
      return decision;
    }
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      decision = decide(decision, path.substring(0, slash));
    }
    return decide(decision, path);
  }

  boolean excludes(int decision) {
    return decision >= 0 && !rules[decision].exception;
  }

  boolean excludes(String path) {
    return excludes(decide(path));
  }

  /** Whether something below a directory that is left out may be taken back in. */
  boolean mayReinclude(int decision, String directory) {
    if (lastException <= decision) {
      return false;
    }
    String beginning = directory + "/";
    for (int i = rules.length - 1; i > decision; i--) {
      if (rules[i].exception && rules[i].glob.mayMatchFrom(beginning)) {
        return true;
      }
    }
    return false;
  }
}
