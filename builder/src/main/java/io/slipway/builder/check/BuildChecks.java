package io.slipway.builder.check;

import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.ast.Stage;
import io.slipway.dockerfile.ast.Word;
import io.slipway.dockerfile.check.CheckOptions;
import io.slipway.dockerfile.check.CheckRule;
import io.slipway.dockerfile.check.CheckWarning;
import io.slipway.dockerfile.check.DockerfileChecks;
import io.slipway.dockerfile.word.Env;
import io.slipway.dockerfile.word.ExpansionException;
import io.slipway.dockerfile.word.WordExpander;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.name.Reference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Runs every rule. */
public final class BuildChecks {
  private final Dockerfile file;
  private final CheckOptions options;
  private final CheckFacts facts;
  private final WordExpander expander;
  private final List<CheckWarning> warnings = new ArrayList<>();

  private BuildChecks(Dockerfile file, CheckOptions options, CheckFacts facts) {
    this.file = file;
    this.options = options;
    this.facts = facts;
    this.expander = new WordExpander(file.escape());
  }

  /** All warnings of a file that parsed without errors, in the order of lines, then of rules. */
  public static List<CheckWarning> run(Dockerfile file, CheckOptions options, CheckFacts facts) {
    var checks = new BuildChecks(file, options, facts);
    checks.warnings.addAll(DockerfileChecks.run(file, options));
    checks.defaultsOfBases();
    checks.stages();
    return checks.warnings.stream()
        .sorted(
            Comparator.comparingInt((CheckWarning warning) -> warning.range().startLine())
                .thenComparing(CheckWarning::rule))
        .toList();
  }

  private void add(CheckRule rule, Instruction instruction, String detail) {
    if (options.wants(rule, instruction.header())) {
      warnings.add(new CheckWarning(rule, detail, instruction.range()));
    }
  }

  private Optional<String> expand(Word word, Env env) {
    try {
      return Optional.of(expander.expand(word, env).text());
    } catch (ExpansionException e) {
      // the build will say so
      return Optional.empty();
    }
  }

  private Map<String, String> defaults() {
    Map<String, String> values = new HashMap<>(PredefinedNames.values(facts.platform()));
    for (Instruction.Arg arg : file.globalArgs()) {
      for (Instruction.Arg.Declaration declared : arg.declarations()) {
        declared
            .defaultValue()
            .flatMap(word -> expand(word, name -> Optional.ofNullable(values.get(name))))
            .ifPresent(value -> values.put(declared.name().text(), value));
      }
    }
    return values;
  }

  /** A base's name must be one even if no build argument is given. */
  private void defaultsOfBases() {
    Map<String, String> defaults = defaults();
    for (Stage stage : file.stages()) {
      Word image = stage.from().image();
      Optional<String> name = expand(image, key -> Optional.ofNullable(defaults.get(key)));
      if (name.isPresent() && image.text().contains("$") && !isName(name.get())) {
        add(
            CheckRule.INVALID_DEFAULT_ARG_IN_FROM,
            stage.from(),
            "Default value for ARG "
                + image.text()
                + " results in empty or invalid base image name");
      }
    }
  }

  private static boolean isName(String text) {
    try {
      Reference.parse(text);
      return true;
    } catch (SlipwayException e) {
      return false;
    }
  }

  private void stages() {
    Map<String, StageVariables> byName = new HashMap<>();
    for (Stage stage : file.stages()) {
      Map<String, String> defaults = defaults();
      String image =
          expand(stage.from().image(), key -> Optional.ofNullable(defaults.get(key))).orElse("");
      StageVariables base = byName.get(image.toLowerCase(Locale.ROOT));
      StageVariables variables =
          base != null ? base.child() : ofImage(stage, image, defaults.keySet());
      for (Instruction instruction : stage.instructions()) {
        undefined(instruction, variables);
        ignoredSources(instruction);
        variables.declare(instruction);
      }
      stage.from().stageName().ifPresent(name -> byName.put(name, variables));
    }
  }

  private StageVariables ofImage(Stage stage, String image, java.util.Set<String> globals) {
    if (image.equals("scratch")) {
      return StageVariables.of(java.util.Set.of(), globals);
    }
    Optional<CheckFacts.Base> base = facts.base().apply(image);
    base.filter(known -> stage.from().header().flagValue("platform").isEmpty())
        .filter(known -> !known.platform().matches(facts.platform()))
        .ifPresent(known ->
            add(
                CheckRule.INVALID_BASE_IMAGE_PLATFORM,
                stage.from(),
                "Base image "
                    + image
                    + " was pulled with platform \""
                    + known.platform()
                    + "\", expected \""
                    + facts.platform()
                    + "\" for current build"));
    return base.map(known -> StageVariables.of(known.variables(), globals))
        .orElse(StageVariables.unknown(globals));
  }

  private void undefined(Instruction instruction, StageVariables variables) {
    if (!options.wants(CheckRule.UNDEFINED_VAR)) {
      return;
    }
    for (Word word : ExpandedWords.of(instruction)) {
      try {
        for (String name : expander.expand(word, variables.env()).undefined()) {
          if (!variables.mayBeDefined(name)) {
            add(
                CheckRule.UNDEFINED_VAR,
                instruction,
                "Usage of undefined variable '$" + name + "'" + variables.suggestion(name));
          }
        }
      } catch (ExpansionException e) {
        // the build will say so
        return;
      }
    }
  }

  private void ignoredSources(Instruction instruction) {
    if (!(instruction instanceof Instruction.Transfer transfer)
        || transfer.header().flagValue("from").filter(from -> !from.isEmpty()).isPresent()) {
      return;
    }
    String verb = transfer instanceof Instruction.Add ? "Add" : "Copy";
    for (Word source : transfer.sources()) {
      String path = source.text();
      if (!path.contains("$") && !path.contains("://") && facts.ignored().test(path)) {
        add(
            CheckRule.COPY_IGNORED_FILE,
            instruction,
            "Attempting to " + verb + " file \"" + path + "\" that is excluded by .dockerignore");
      }
    }
  }
}
