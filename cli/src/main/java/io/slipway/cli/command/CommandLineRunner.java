package io.slipway.cli.command;

import io.slipway.cli.client.EngineClient;
import io.slipway.cli.client.EngineException;
import io.slipway.image.error.Nearest;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * From words to an exit code: global options, the command's own, the run, and what a failure
 * prints.
 *
 * <p>Exit codes are docker's: 0; 1 for a refusal by the daemon or a wrong use of a command; 125 for
 * an unknown flag and for a container that could not be made; whatever a command decides otherwise.
 */
final class CommandLineRunner {
  private static final int REFUSED = 1;

  /** An unknown flag, or a container that could not even be asked for. */
  private static final int NOT_BEGUN = 125;

  /**
   * Commands are described by specs alone, so the parser has lists to make and no other object. Its
   * own factory looks for Groovy when it is loaded: in every jar, and that takes longer than all
   * the rest.
   */
  private static final IFactory LISTS =
      new IFactory() {
        @Override
        public <K> K create(Class<K> type) {
          if (type == List.class) {
            return type.cast(new ArrayList<>());
          }
          throw new IllegalArgumentException("a command line has no " + type);
        }
      };

  private final CommandTable table;
  private final Console console;
  private final Function<GlobalOptions, EngineClient> connector;

  /**
   * @param connector gives the client of the daemon that the options mean
   */
  CommandLineRunner(
      CommandTable table, Console console, Function<GlobalOptions, EngineClient> connector) {
    this.table = table;
    this.console = console;
    this.connector = connector;
  }

  int run(List<String> words) throws InterruptedException {
    List<String> rest = new ArrayList<>(words);
    GlobalOptions options;
    try {
      options = GlobalOptions.take(rest);
    } catch (UsageException e) {
      return refuse(NOT_BEGUN, e.getMessage(), "slipway --help");
    }
    if (!rest.isEmpty() && List.of("-v", "--version").contains(rest.getFirst())) {
      rest.set(0, "version-line");
    }
    if (rest.isEmpty() || List.of("help", "--help", "-h").contains(rest.getFirst())) {
      return help(rest.stream().skip(1).toList());
    }
    Optional<CommandTable.Match> match = table.find(rest);
    if (match.isEmpty()) {
      return unknown(rest);
    }
    CommandTable.Entry entry = match.get().entry();
    List<String> own = rest.subList(match.get().words(), rest.size());
    return run(entry, own, options);
  }

  private int run(CommandTable.Entry entry, List<String> words, GlobalOptions options)
      throws InterruptedException {
    Command command = entry.command().get();
    CommandSpec spec =
        CommandSpec.wrapWithoutInspection(null, LISTS).name("slipway " + entry.name());
    command.describe(spec);
    if (words.contains("--help") && helpAsked(spec, words)) {
      console.out().print(new UsageText(entry, command, spec));
      return 0;
    }
    try {
      CommandLine parser =
          new CommandLine(spec, LISTS)
              .setPosixClusteredShortOptionsAllowed(true)
              .setTrimQuotes(false);
      parser.setOverwrittenOptionsAllowed(true);
      parser.setUnmatchedOptionsArePositionalParams(false);
      var parsed = parser.parseArgs(words.toArray(String[]::new));
      return command.run(
          new Invocation(entry.name(), parsed, console, () -> connector.apply(options)));
    } catch (ParameterException e) {
      return refuse(NOT_BEGUN, reason(e, spec), "slipway " + entry.name() + " --help");
    } catch (UsageException e) {
      return refuse(REFUSED, e.getMessage(), "slipway " + entry.name() + " --help");
    } catch (CommandFailure e) {
      return fail(e.exitCode(), e.getMessage());
    } catch (EngineException e) {
      return fail(REFUSED, "Error response from daemon: " + e.getMessage());
    } catch (ConnectException e) {
      return fail(entry.name().endsWith("run") ? NOT_BEGUN : REFUSED, e.getMessage());
    } catch (IOException e) {
      return fail(REFUSED, "slipway " + entry.name() + ": " + describe(e));
    }
  }

  /** {@code --help} after the first word of a run command belongs to the container. */
  private static boolean helpAsked(CommandSpec spec, List<String> words) {
    if (!spec.parser().stopAtPositional()) {
      return true;
    }
    return words.getFirst().equals("--help");
  }

  private static String describe(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private int help(List<String> words) throws InterruptedException {
    if (words.isEmpty()) {
      console.out().print(table.help());
      return 0;
    }
    List<String> question = new ArrayList<>(words);
    question.add("--help");
    return run(question);
  }

  private int unknown(List<String> words) {
    String first = words.getFirst();
    if (!table.below(first).isEmpty()) {
      boolean asked = words.size() == 1 || words.get(1).equals("--help");
      (asked ? console.out() : console.err()).print(table.help(first));
      return asked
          ? 0
          : refuse(
              REFUSED,
              "unknown command: slipway " + first + " " + words.get(1),
              "slipway " + first + " --help");
    }
    String hint =
        Nearest.to(first, table.names()).map(n -> " (did you mean " + n + "?)").orElse("");
    return refuse(REFUSED, "unknown command: slipway " + first + hint, "slipway --help");
  }

  private static String reason(ParameterException e, CommandSpec spec) {
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().getFirst().replaceFirst("=.*", "");
      String what = word.startsWith("--") ? "unknown flag: " : "unknown shorthand flag: ";
      return what
          + word
          + Nearest.to(word, spec.optionsMap().keySet())
              .map(n -> " (did you mean " + n + "?)")
              .orElse("");
    }
    if (e instanceof CommandLine.MissingParameterException missing
        && !missing.getMissing().isEmpty()) {
      return "flag needs an argument: " + missing.getMissing().getFirst().paramLabel();
    }
    return e.getMessage();
  }

  private int refuse(int exitCode, String reason, String help) {
    console.flush();
    console.err().println(reason + "\n\nRun '" + help + "' for more information");
    return exitCode;
  }

  private int fail(int exitCode, String message) {
    console.flush();
    if (!message.isEmpty()) {
      console.err().println(message);
    }
    return exitCode;
  }
}
