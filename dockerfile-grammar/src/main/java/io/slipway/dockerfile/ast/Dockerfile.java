package io.slipway.dockerfile.ast;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A parsed Dockerfile. It exists for every input: what is wrong with the text is in {@code
 * diagnostics}, and instructions that could not be read are left out. Only a Dockerfile without
 * {@link #firstError()} may be built.
 *
 * @param escape the escape character in force, {@code \} or {@code `}
 * @param diagnostics in the order of their lines
 */
public record Dockerfile(
    List<Directive> directives,
    char escape,
    List<Instruction> instructions,
    List<Diagnostic> diagnostics) {

  public Dockerfile {
    directives = List.copyOf(directives);
    if (escape != '\\' && escape != '`') {
      throw new IllegalArgumentException("escape is neither backslash nor backtick");
    }
    instructions = List.copyOf(instructions);
    diagnostics = List.copyOf(diagnostics);
  }

  /** The directive of that lower-case name. */
  public Optional<Directive> directive(String name) {
    Objects.requireNonNull(name, "name");
    return directives.stream().filter(directive -> directive.name().equals(name)).findFirst();
  }

  /** The error to tell when only one is told: earliest phase first, then earliest line. */
  public Optional<Diagnostic> firstError() {
    return diagnostics.stream()
        .filter(diagnostic -> diagnostic.severity() == Diagnostic.Severity.ERROR)
        .min(Comparator.comparing(diagnostic -> diagnostic.code().phase()));
  }

  /** The ARGs before the first FROM. */
  public List<Instruction.Arg> globalArgs() {
    return instructions.stream()
        .takeWhile(instruction -> !(instruction instanceof Instruction.From))
        .filter(Instruction.Arg.class::isInstance)
        .map(Instruction.Arg.class::cast)
        .toList();
  }

  /** The build stages in order. */
  public List<Stage> stages() {
    var stages = new ArrayList<Stage>();
    Instruction.From from = null;
    var body = new ArrayList<Instruction>();
    for (Instruction instruction : instructions) {
      if (instruction instanceof Instruction.From next) {
        if (from != null) {
          stages.add(new Stage(stages.size(), from, body));
        }
        from = next;
        body.clear();
      } else {
        body.add(instruction);
      }
    }
    if (from != null) {
      stages.add(new Stage(stages.size(), from, body));
    }
    return List.copyOf(stages);
  }
}
