package io.slipway.builder.check;

import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.word.Env;
import io.slipway.dockerfile.word.Suggestion;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The variables of a stage while its instructions are gone through. */
final class StageVariables {
  private final Set<String> names;
  private final Set<String> globals;

  /** Declared by an ARG that has no value. */
  private final Set<String> unset;

  /** The image's variables are not known, so any name may be one. */
  private final boolean unknown;

  private StageVariables(
      Set<String> names, Set<String> globals, Set<String> unset, boolean unknown) {
    this.names = new HashSet<>(names);
    this.globals = globals;
    this.unset = new HashSet<>(unset);
    this.unknown = unknown;
  }

  static StageVariables of(Set<String> image, Set<String> globals) {
    var variables = new StageVariables(image, globals, Set.of(), false);
    variables.names.add("PATH");
    return variables;
  }

  static StageVariables unknown(Set<String> globals) {
    return new StageVariables(Set.of("PATH"), globals, Set.of(), true);
  }

  /** Of a stage that starts from this one. */
  StageVariables child() {
    return new StageVariables(names, globals, unset, unknown);
  }

  void declare(Instruction instruction) {
    switch (instruction) {
      case Instruction.Env env -> env.pairs().forEach(pair -> names.add(pair.name().text()));
      case Instruction.Arg arg ->
          arg.declarations()
              .forEach(declared -> {
                String name = declared.name().text();
                boolean hasValue = declared.defaultValue().isPresent() || globals.contains(name);
                (hasValue ? names : unset).add(name);
              });
      default -> {
        // declares nothing
      }
    }
  }

  Env env() {
    return name -> names.contains(name) ? Optional.of("") : Optional.empty();
  }

  boolean mayBeDefined(String name) {
    return unknown || names.contains(name) || unset.contains(name);
  }

  /** {@code (did you mean $PATH?)}, or nothing. */
  String suggestion(String name) {
    return Suggestion.nearest(name, names).map(near -> " (did you mean $" + near + "?)").orElse("");
  }
}
