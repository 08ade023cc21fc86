package io.slipway.cli.command;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Adds options in the three shapes docker has: a switch, a text, a list. */
record Options(CommandSpec spec) {
  /** A switch; {@code names} as in {@code "-a", "--all"}. */
  Options flag(String usage, String... names) {
    spec.addOption(
        OptionSpec.builder(names)
            .type(Boolean.class)
            .arity("0..1")
            .fallbackValue("true")
            .defaultValue("false")
            .description(usage)
            .build());
    return this;
  }

  /** An option with one value; the last one given counts. */
  Options text(String usage, String label, String... names) {
    spec.addOption(
        OptionSpec.builder(names)
            .type(String.class)
            .arity("1")
            .paramLabel(label)
            .description(usage)
            .build());
    return this;
  }

  /** An option that may be repeated. */
  Options list(String usage, String label, String... names) {
    spec.addOption(
        OptionSpec.builder(names)
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity("1")
            .paramLabel(label)
            .description(usage)
            .build());
    return this;
  }

  /** All words after the options. */
  Options words() {
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0..*")
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .paramLabel(Invocation.ARGUMENTS)
            .build());
    return this;
  }

  /** Everything from the first word on belongs to the command that is run in the container. */
  Options stopAtFirstWord() {
    spec.parser().stopAtPositional(true);
    return this;
  }
}
