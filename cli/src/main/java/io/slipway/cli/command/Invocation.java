package io.slipway.cli.command;

import io.slipway.cli.client.EngineClient;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.ParseResult;

/**
 * A command line that was parsed.
 *
 * @param name the command as the user wrote it, such as {@code image ls}
 * @param daemon connects to the daemon, and starts one if need be; asked at most once
 */
record Invocation(
    String name, ParseResult options, Console console, Supplier<EngineClient> daemon) {
  /** Names of all positional parameters in order. */
  static final String ARGUMENTS = "arguments";

  /** The words after the options. */
  List<String> arguments() {
    return options.matchedPositionalValue(0, List.<String>of());
  }

  /** Exactly n words after the options. */
  List<String> arguments(int n) {
    if (arguments().size() != n) {
      throw new UsageException(
          "\"slipway %s\" requires exactly %d argument%s".formatted(name, n, n == 1 ? "" : "s"));
    }
    return arguments();
  }

  /** At least one word after the options. */
  List<String> someArguments() {
    if (arguments().isEmpty()) {
      throw new UsageException("\"slipway %s\" requires at least 1 argument".formatted(name));
    }
    return arguments();
  }

  boolean flag(String option) {
    return options.matchedOptionValue(option, Boolean.FALSE);
  }

  /** An option's text; empty when it was not given. */
  String text(String option) {
    return options.matchedOptionValue(option, "");
  }

  /** The values of an option that may be repeated. */
  List<String> list(String option) {
    return options.matchedOptionValue(option, List.<String>of());
  }

  EngineClient client() {
    return daemon.get();
  }
}
