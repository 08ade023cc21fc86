package io.slipway.dockerfile.check;

import io.slipway.dockerfile.ast.Comment;
import io.slipway.dockerfile.ast.Directive;
import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.ast.Header;
import io.slipway.dockerfile.word.Quoted;
import io.slipway.dockerfile.word.Whitespace;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which rules are wanted, as {@code # check=} and the build argument {@code
 * BUILDKIT_DOCKERFILE_CHECK} say it: {@code skip=RuleA,RuleB;error=true;experimental=all}.
 *
 * @param skip names of rules not wanted; {@code all} means every one
 * @param failOnWarning whether a warning ends the build
 * @param experimental names of experimental rules wanted; {@code all} means every one
 */
public record CheckOptions(Set<String> skip, boolean failOnWarning, Set<String> experimental) {

  /** Every rule but the experimental ones; warnings do not fail the build. */
  public static final CheckOptions DEFAULT = new CheckOptions(Set.of(), false, Set.of());

  private static final String ALL = "all";
  private static final String DIRECTIVE = "check";

  public CheckOptions {
    skip = Set.copyOf(skip);
    experimental = Set.copyOf(experimental);
  }

  /**
   * Reads options.
   *
   * @throws CheckOptionException {@code failed to parse check options: ...}
   */
  public static CheckOptions parse(String text) {
    CheckOptions options = DEFAULT;
    if (Whitespace.strip(text).isEmpty()) {
      return options;
    }
    for (String part : text.split(";", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        throw invalid("invalid check option " + Quoted.of(part));
      }
      String name = Whitespace.strip(part.substring(0, equals));
      String value = Whitespace.strip(part.substring(equals + 1));
      options =
          switch (name) {
            case "skip" ->
                new CheckOptions(names(value), options.failOnWarning, options.experimental);
            case "error" ->
                new CheckOptions(options.skip, truth(part, value), options.experimental);
            case "experimental" ->
                new CheckOptions(options.skip, options.failOnWarning, names(value));
            default -> throw invalid("invalid check option " + Quoted.of(name));
          };
    }
    return options;
  }

  private static CheckOptionException invalid(String message) {
    return new CheckOptionException("failed to parse check options: " + message);
  }

  private static Set<String> names(String value) {
    return Arrays.stream(value.split(","))
        .map(Whitespace::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toSet());
  }

  private static boolean truth(String part, String value) {
    return switch (value) {
      case "1", "t", "T", "TRUE", "true", "True" -> true;
      case "0", "f", "F", "FALSE", "false", "False" -> false;
      default ->
          throw invalid(
              "failed to parse check option "
                  + Quoted.of(part)
                  + ": strconv.ParseBool: parsing "
                  + Quoted.of(value)
                  + ": invalid syntax");
    };
  }

  /**
   * The options a file asks for with its directive.
   *
   * @throws CheckOptionException {@code failed to parse check options: ...}
   */
  public static CheckOptions of(Dockerfile file) {
    return file.directive(DIRECTIVE).map(Directive::value).map(CheckOptions::parse).orElse(DEFAULT);
  }

  /** Whether the rule is wanted for the file. */
  public boolean wants(CheckRule rule) {
    boolean askedFor =
        !rule.experimental() || experimental.contains(ALL) || experimental.contains(rule.title());
    return askedFor && !skips(rule);
  }

  private boolean skips(CheckRule rule) {
    return skip.contains(ALL) || skip.contains(rule.title());
  }

  /** Whether the rule is wanted for one instruction: a comment above it may ask to skip it. */
  public boolean wants(CheckRule rule, Header header) {
    return wants(rule)
        && header.comments().stream()
            .map(CheckOptions::ofComment)
            .flatMap(Optional::stream)
            .noneMatch(options -> options.skips(rule));
  }

  /** A comment like the directive; one that cannot be read is just a comment. */
  private static Optional<CheckOptions> ofComment(Comment comment) {
    String text = comment.text();
    int equals = text.indexOf('=');
    if (equals < 0 || !Whitespace.strip(text.substring(0, equals)).equalsIgnoreCase(DIRECTIVE)) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse(text.substring(equals + 1)));
    } catch (CheckOptionException e) {
      return Optional.empty();
    }
  }

  /** The sentence that fails the build, if these warnings are to fail it. */
  public Optional<String> failure(List<CheckWarning> warnings) {
    if (!failOnWarning || warnings.isEmpty()) {
      return Optional.empty();
    }
    Set<String> rules =
        warnings.stream()
            .map(warning -> warning.rule().title())
            .collect(Collectors.toCollection(TreeSet::new));
    return Optional.of("lint violation found for rules: " + String.join(", ", rules));
  }
}
