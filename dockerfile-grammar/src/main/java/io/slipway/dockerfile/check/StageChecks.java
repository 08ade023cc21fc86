package io.slipway.dockerfile.check;

import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.ast.Instruction.From;
import io.slipway.dockerfile.ast.Stage;
import io.slipway.dockerfile.ast.Word;
import io.slipway.dockerfile.word.Expansion;
import io.slipway.dockerfile.word.ExpansionException;
import io.slipway.dockerfile.word.Quoted;
import io.slipway.dockerfile.word.Suggestion;
import io.slipway.dockerfile.word.WordExpander;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Rules about FROM and the names of stages. */
final class StageChecks {

  private static final Set<String> RESERVED = Set.of("scratch", "context");

  private static final Set<String> OPERATING_SYSTEMS =
      Set.of(
          "linux",
          "windows",
          "darwin",
          "freebsd",
          "netbsd",
          "openbsd",
          "dragonfly",
          "solaris",
          "illumos",
          "plan9",
          "aix",
          "android",
          "wasip1",
          "js");

  private static final Map<String, String> ARCHITECTURE_ALIASES =
      Map.of("x86_64", "amd64", "x86-64", "amd64", "aarch64", "arm64", "i386", "386");

  /** Known in every FROM without any ARG. */
  private static final List<String> PREDEFINED =
      List.of(
          "BUILDPLATFORM",
          "BUILDOS",
          "BUILDOSVERSION",
          "BUILDARCH",
          "BUILDVARIANT",
          "TARGETPLATFORM",
          "TARGETOS",
          "TARGETOSVERSION",
          "TARGETARCH",
          "TARGETVARIANT",
          "TARGETSTAGE");

  private StageChecks() {}

  private static Stream<From> froms(Dockerfile file) {
    return file.stages().stream().map(Stage::from);
  }

  static void nameCasing(Dockerfile file, Check.Findings findings) {
    froms(file)
        .forEach(from -> {
          String name = from.name().map(Word::text).orElse("");
          if (!name.equals(name.toLowerCase(Locale.ROOT))) {
            findings.add("Stage name '" + name + "' should be lowercase", from.header());
          }
        });
  }

  static void fromAsCasing(Dockerfile file, Check.Findings findings) {
    froms(file)
        .forEach(from -> {
          String keyword = from.header().keyword();
          String as = from.as().map(Word::text).orElse("");
          if (LetterCase.of(keyword).isPresent()
              && from.as().isPresent()
              && !LetterCase.of(keyword).equals(LetterCase.of(as))) {
            findings.add(
                "'" + as + "' and '" + keyword + "' keywords' casing do not match", from.header());
          }
        });
  }

  static void duplicateName(Dockerfile file, Check.Findings findings) {
    Set<String> seen = new HashSet<>();
    froms(file)
        .forEach(from ->
            from.stageName()
                .filter(name -> !seen.add(name))
                .ifPresent(name ->
                    findings.add(
                        "Duplicate stage name "
                            + Quoted.of(name)
                            + ", stage names should be unique",
                        from.header())));
  }

  static void reservedName(Dockerfile file, Check.Findings findings) {
    froms(file)
        .forEach(from ->
            from.stageName()
                .filter(RESERVED::contains)
                .ifPresent(name ->
                    findings.add(
                        "Stage name should not use the same name as reserved stage "
                            + Quoted.of(name),
                        from.header())));
  }

  static void undefinedArg(Dockerfile file, Check.Findings findings) {
    Set<String> known = new TreeSet<>(PREDEFINED);
    file.globalArgs().stream()
        .flatMap(arg -> arg.declarations().stream())
        .forEach(declaration -> known.add(declaration.name().text()));
    froms(file)
        .forEach(from ->
            Stream.concat(Stream.of(from.image().text()), platform(from).stream())
                .flatMap(word -> expand(word, file).stream())
                .flatMap(expansion -> expansion.undefined().stream())
                .filter(name -> !known.contains(name))
                .forEach(name ->
                    findings.add(
                        "FROM argument '"
                            + name
                            + "' is not declared"
                            + Suggestion.exactCase(name, known),
                        from.header())));
  }

  static void redundantPlatform(Dockerfile file, Check.Findings findings) {
    froms(file)
        .forEach(from ->
            platform(from)
                .filter(word -> word.equals("$TARGETPLATFORM") || word.equals("${TARGETPLATFORM}"))
                .ifPresent(word ->
                    findings.add(
                        "Setting platform to predefined "
                            + word
                            + " in FROM is redundant as this is the default behavior",
                        from.header())));
  }

  /** A stage may be for one platform when its name says so. */
  static void constantPlatform(Dockerfile file, Check.Findings findings) {
    froms(file)
        .forEach(from ->
            platform(from)
                .flatMap(word -> expand(word, file))
                .filter(value -> value.used().isEmpty() && value.undefined().isEmpty())
                .map(Expansion::text)
                .filter(platform -> !isNamedFor(from, platform))
                .ifPresent(platform ->
                    findings.add(
                        "FROM --platform flag should not use constant value " + Quoted.of(platform),
                        from.header())));
  }

  private static boolean isNamedFor(Instruction.From from, String platform) {
    String name = from.stageName().orElse("");
    String[] parts = platform.toLowerCase(Locale.ROOT).split("/", -1);
    boolean startsWithSystem = OPERATING_SYSTEMS.contains(parts[0]);
    String system = startsWithSystem || parts.length > 1 ? parts[0] : "linux";
    int index = startsWithSystem || parts.length > 1 ? 1 : 0;
    boolean namesArchitecture =
        index < parts.length
            && name.contains(ARCHITECTURE_ALIASES.getOrDefault(parts[index], parts[index]));
    return name.contains(system) || namesArchitecture;
  }

  private static Optional<String> platform(From from) {
    return from.header().flagValue("platform").filter(value -> !value.isEmpty());
  }

  /** With no variable set, so that all of them show as undefined. */
  private static Optional<Expansion> expand(String word, Dockerfile file) {
    try {
      return Optional.of(new WordExpander(file.escape()).expand(word, name -> Optional.empty()));
    } catch (ExpansionException e) {
      return Optional.empty();
    }
  }
}
