package io.slipway.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Every command and flag of the docker program against ours. What is missing stands in {@code
 * contract/missing-flags.txt} with the reason, and is refused by its name.
 */
class FlagParityIT {
  private static final Path MISSING = Path.of("src/test/resources/contract/missing-flags.txt");
  private static final Pattern FLAG =
      Pattern.compile("^ +(?:-(\\w), )?--([a-z0-9-]+)", Pattern.MULTILINE);
  private static final Pattern COMMAND = Pattern.compile("^  ([a-z]+)\\*? ", Pattern.MULTILINE);

  /** Groups that are about several machines, and what is no part of docker's own program. */
  private static final Set<String> OTHERS =
      Set.of(
          "swarm",
          "node",
          "service",
          "stack",
          "secret",
          "config",
          "plugin",
          "trust",
          "checkpoint",
          "buildx",
          "compose",
          "scan",
          "app");

  /** Command to flags, both as docker names them. */
  private static final Map<String, Set<String>> DOCKERS = new TreeMap<>();

  @BeforeAll
  static void read() throws Exception {
    for (String command : commands("")) {
      if (OTHERS.contains(command)) {
        continue;
      }
      List<String> below = commands(command);
      for (String one : below) {
        DOCKERS.put(command + " " + one, flags(command + " " + one));
      }
      if (below.isEmpty()) {
        DOCKERS.put(command, flags(command));
      }
    }
    assertThat(DOCKERS).hasSizeGreaterThan(80);
  }

  private static String help(String command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("docker"));
    words.addAll(command.isEmpty() ? List.of() : List.of(command.split(" ")));
    words.add("--help");
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text;
  }

  private static List<String> commands(String group) throws Exception {
    String text = help(group);
    int from = text.indexOf("Commands:");
    if (from < 0) {
      return List.of();
    }
    Matcher command = COMMAND.matcher(text.substring(from));
    return command.results().map(found -> found.group(1)).distinct().toList();
  }

  private static Set<String> flags(String command) throws Exception {
    Set<String> flags = new TreeSet<>();
    FLAG.matcher(help(command))
        .results()
        .forEach(found -> {
          flags.add("--" + found.group(2));
          if (found.group(1) != null) {
            flags.add("-" + found.group(1));
          }
        });
    flags.remove("--help");
    return flags;
  }

  private static CommandSpec ours(String command) {
    List<String> words = List.of(command.split(" "));
    return SlipwayCommands.table()
        .find(words)
        .filter(match -> match.words() == words.size())
        .map(match -> {
          CommandSpec spec = CommandSpec.create();
          match.entry().command().get().describe(spec);
          return spec;
        })
        .orElse(null);
  }

  private static Set<String> missing() {
    Set<String> missing = new TreeSet<>();
    DOCKERS.forEach((command, flags) -> {
      CommandSpec spec = ours(command);
      if (spec == null) {
        missing.add(command);
        return;
      }
      flags.stream()
          .filter(flag -> !spec.optionsMap().containsKey(flag))
          .forEach(flag -> missing.add(command + " " + flag));
    });
    return missing;
  }

  private static Set<String> allowed() throws IOException {
    Set<String> allowed = new TreeSet<>();
    for (String line : Files.readAllLines(MISSING)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        allowed.add(line.split("\\s*#")[0].strip());
      }
    }
    return allowed;
  }

  @Test
  void whatDockerHasIsThereOrIsToldMissing() throws IOException {
    assertThat(missing()).isSubsetOf(allowed());
  }

  @Test
  void whatIsToldMissingIsMissing() throws IOException {
    for (String line : allowed()) {
      int flag = line.indexOf(" -");
      CommandSpec spec = ours(flag < 0 ? line : line.substring(0, flag));
      if (flag < 0) {
        assertThat(spec).as(line).isNull();
      } else {
        assertThat(spec).as(line).isNotNull();
        assertThat(spec.optionsMap()).as(line).doesNotContainKey(line.substring(flag + 1));
      }
    }
  }

  @Test
  void aMissingFlagIsRefusedByItsName() throws IOException {
    for (String line : allowed()) {
      int flag = line.indexOf(" -");
      if (flag > 0) {
        String name = line.substring(flag + 1);
        CommandLine parser =
            new CommandLine(ours(line.substring(0, flag)))
                .setUnmatchedOptionsArePositionalParams(false);
        try {
          parser.parseArgs(name);
          throw new AssertionError(line + " was taken");
        } catch (ParameterException e) {
          assertThat(e.getMessage()).as(line).contains(name);
        }
      }
    }
  }
}
