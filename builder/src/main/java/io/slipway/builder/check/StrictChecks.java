package io.slipway.builder.check;

import io.slipway.dockerfile.ast.Command;
import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.ast.Flag;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.ast.Stage;
import io.slipway.dockerfile.ast.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;

/** Finds what a build lets pass silently although it hardly does what was meant. */
public final class StrictChecks {
  /** The rules, each for one instruction. */
  private static final List<BiConsumer<StrictChecks, Instruction>> RULES =
      List.of(
          StrictChecks::overwritingSources,
          StrictChecks::emptyWildcards,
          StrictChecks::linkAndOwner,
          StrictChecks::modeOfDirectories,
          StrictChecks::excludes,
          StrictChecks::emptySecrets,
          StrictChecks::scriptsThatGoOn,
          StrictChecks::almostJson);

  private final CheckFacts facts;
  private final List<StrictFinding> findings = new ArrayList<>();

  private StrictChecks(CheckFacts facts) {
    this.facts = facts;
  }

  /** All findings in a file that parsed without errors, in the order of lines. */
  public static List<StrictFinding> run(Dockerfile file, CheckFacts facts) {
    var checks = new StrictChecks(facts);
    checks.unusedArguments(file);
    for (Stage stage : file.stages()) {
      checks.argumentsOverVariables(stage);
      for (Instruction instruction : stage.instructions()) {
        RULES.forEach(rule -> rule.accept(checks, instruction));
      }
    }
    return checks.findings.stream()
        .sorted(Comparator.comparingInt(finding -> finding.range().startLine()))
        .toList();
  }

  private void add(Instruction instruction, String sentence) {
    findings.add(new StrictFinding(sentence, instruction.range()));
  }

  private void unusedArguments(Dockerfile file) {
    Set<String> declared = new HashSet<>();
    for (Instruction instruction : file.instructions()) {
      if (instruction instanceof Instruction.Arg arg) {
        arg.declarations().forEach(one -> declared.add(one.name().text()));
      }
    }
    for (String name : facts.arguments()) {
      if (!declared.contains(name) && !PredefinedNames.isKnown(name, facts.platform())) {
        findings.add(
            new StrictFinding(
                "build argument " + name + " is given but never used: declare it with ARG " + name,
                file.instructions().getFirst().range()));
      }
    }
  }

  private void argumentsOverVariables(Stage stage) {
    Set<String> variables = new HashSet<>();
    for (Instruction instruction : stage.instructions()) {
      if (instruction instanceof Instruction.Env env) {
        env.pairs().forEach(pair -> variables.add(pair.name().text()));
      } else if (instruction instanceof Instruction.Arg arg) {
        arg.declarations().stream()
            .filter(declared -> declared.defaultValue().isPresent())
            .map(declared -> declared.name().text())
            .filter(variables::contains)
            .forEach(name ->
                add(
                    arg,
                    "ARG "
                        + name
                        + " hides ENV "
                        + name
                        + " for the rest of the stage: give it another name"));
      }
    }
  }

  private void overwritingSources(Instruction instruction) {
    if (instruction instanceof Instruction.Transfer transfer
        && transfer.sources().size() + transfer.heredocs().size() > 1
        && !isFolder(transfer.destination().text())) {
      String destination = transfer.destination().text();
      add(
          instruction,
          "several sources and a destination without a slash at its end: files would overwrite each"
              + " other as "
              + destination
              + ": write "
              + destination
              + "/");
    }
  }

  private static boolean isFolder(String destination) {
    return destination.endsWith("/")
        || destination.equals(".")
        || destination.equals("..")
        || destination.endsWith("/.")
        || destination.contains("$");
  }

  private void emptyWildcards(Instruction instruction) {
    for (Word source : ofContext(instruction)) {
      String path = source.text();
      if (path.matches(".*[*?\\[].*") && !facts.exists().test(path)) {
        add(
            instruction,
            "no file matches "
                + path
                + ", so nothing would be copied: correct the pattern or remove the source");
      }
    }
  }

  /** Sources that are in the build context and can be looked up. */
  private static List<Word> ofContext(Instruction instruction) {
    if (!(instruction instanceof Instruction.Transfer transfer)
        || transfer.header().flagValue("from").filter(from -> !from.isEmpty()).isPresent()) {
      return List.of();
    }
    return transfer.sources().stream()
        .filter(word -> !word.text().contains("$") && !word.text().contains("://"))
        .toList();
  }

  private void linkAndOwner(Instruction instruction) {
    if (!(instruction instanceof Instruction.Transfer transfer)
        || !transfer.header().isSet("link")) {
      return;
    }
    String owner = transfer.header().flagValue("chown").orElse("");
    if (!owner.contains("$") && !owner.matches("[0-9:]*")) {
      add(
          instruction,
          "--link cannot look up --chown="
              + owner
              + " in the stage: use numbers, as in --chown=1000:1000");
    }
    if (transfer.header().flag("chmod").isPresent()) {
      add(instruction, "--chmod turns --link off: use one of the two");
    }
  }

  private void modeOfDirectories(Instruction instruction) {
    if (!(instruction instanceof Instruction.Transfer transfer)) {
      return;
    }
    String mode = transfer.header().flagValue("chmod").orElse("");
    boolean cannotBeEntered = mode.matches("0?[0246]{3}");
    for (Word source : ofContext(instruction)) {
      if (cannotBeEntered && facts.isDirectory().test(source.text())) {
        add(
            instruction,
            "--chmod="
                + mode
                + " is set on directories too, which then cannot be entered: write --chmod="
                + symbolic(mode));
      }
    }
  }

  /** {@code u=rwX,go=rX} for {@code 644}. */
  private static String symbolic(String mode) {
    String digits = mode.substring(mode.length() - 3);
    var text = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      int bits = digits.charAt(i) - '0';
      text.append(i == 0 ? "" : ",").append("ugo".charAt(i)).append('=');
      text.append((bits & 4) != 0 ? "r" : "").append((bits & 2) != 0 ? "w" : "");
      text.append(bits != 0 ? "X" : "");
    }
    return text.toString();
  }

  private void excludes(Instruction instruction) {
    if (!(instruction instanceof Instruction.Transfer transfer)) {
      return;
    }
    for (Flag flag : transfer.header().flags("exclude")) {
      String pattern = flag.value().orElse("");
      if (pattern.contains("$")) {
        add(instruction, "variables are not expanded in --exclude=" + pattern + ": write it out");
      }
      for (Word source : transfer.sources()) {
        if (source.text().replaceFirst("^\\.?/+", "").equals(pattern)) {
          add(
              instruction,
              "--exclude="
                  + pattern
                  + " does not leave out a source that is named itself: remove the source");
        }
      }
    }
  }

  private void emptySecrets(Instruction instruction) {
    if (!(instruction instanceof Instruction.Run run)) {
      return;
    }
    for (Flag flag : run.header().flags("mount")) {
      List<String> fields = List.of(flag.value().orElse("").split(","));
      boolean secret = fields.contains("type=secret");
      boolean variable = fields.stream().anyMatch(field -> field.startsWith("env="));
      boolean required = fields.contains("required") || fields.contains("required=true");
      if (secret && variable && !required) {
        add(
            instruction,
            "a secret that is not given becomes an empty variable: add required=true to --mount="
                + flag.value().orElse(""));
      }
    }
  }

  private void scriptsThatGoOn(Instruction instruction) {
    if (instruction instanceof Instruction.Run run
        && run.command() instanceof Command.Shell shell
        && shell.script().isPresent()) {
      String body = shell.script().get().content();
      List<String> lines = body.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
      boolean several = lines.size() > 1;
      boolean stops = !lines.isEmpty() && lines.getFirst().matches("(#!|set -\\w*e).*");
      if (several && !stops) {
        add(
            instruction,
            "a script goes on after a command that fails, and only the last one counts: begin it"
                + " with set -e");
      }
    }
  }

  private void almostJson(Instruction instruction) {
    String text =
        switch (instruction) {
          case Instruction.Cmd cmd -> shellText(cmd.command());
          case Instruction.Entrypoint entrypoint -> shellText(entrypoint.command());
          case Instruction.Run run -> shellText(run.command());
          default -> "";
        };
    if (text.startsWith("[") && text.stripTrailing().endsWith("]") && !text.startsWith("[[")) {
      String keyword = instruction.header().keyword().toUpperCase(Locale.ROOT);
      if (!text.startsWith("[ ") || text.contains("\"")) {
        add(
            instruction,
            keyword
                + " "
                + text
                + " is no JSON array, so a shell would run it as it stands: use double quotes and"
                + " commas");
      }
    }
  }

  private static String shellText(Command command) {
    return command instanceof Command.Shell shell && shell.script().isEmpty() ? shell.text() : "";
  }
}
