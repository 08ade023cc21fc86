package io.slipway.dockerfile.check;

import io.slipway.dockerfile.ast.Command;
import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.ast.Header;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.ast.Stage;
import io.slipway.dockerfile.ast.Word;
import io.slipway.dockerfile.word.Quoted;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Rules about single instructions of the stages. */
final class InstructionChecks {

  private InstructionChecks() {}

  /** A stage with its own SHELL, or built on one with it, wants the shell form. */
  static void jsonArguments(Dockerfile file, Check.Findings findings) {
    Set<String> stagesWithShell = new HashSet<>();
    for (Stage stage : file.stages()) {
      boolean shell =
          stagesWithShell.contains(stage.from().image().text().toLowerCase(Locale.ROOT));
      for (Instruction instruction : stage.instructions()) {
        shell |= instruction instanceof Instruction.Shell;
        if (!shell) {
          shellForm(instruction, findings);
        }
      }
      if (shell) {
        stage.from().stageName().ifPresent(stagesWithShell::add);
      }
    }
  }

  private static void shellForm(Instruction instruction, Check.Findings findings) {
    boolean shellForm =
        switch (instruction) {
          case Instruction.Cmd cmd -> cmd.command() instanceof Command.Shell;
          case Instruction.Entrypoint entrypoint -> entrypoint.command() instanceof Command.Shell;
          default -> false;
        };
    if (shellForm) {
      findings.add(
          "JSON arguments recommended for "
              + instruction.header().keyword()
              + " to prevent unintended behavior related to OS signals",
          instruction.header());
    }
  }

  static void maintainer(Dockerfile file, Check.Findings findings) {
    all(file, Instruction.Maintainer.class)
        .forEach(maintainer ->
            findings.add(
                "Maintainer instruction is deprecated in favor of using label",
                maintainer.header()));
  }

  private static <I extends Instruction> Stream<I> all(Dockerfile file, Class<I> kind) {
    return file.instructions().stream().filter(kind::isInstance).map(kind::cast);
  }

  /** Only the first relative one is told, and only while no absolute one stands before it. */
  static void relativeWorkdir(Dockerfile file, Check.Findings findings) {
    Set<String> stagesWithWorkdir = new HashSet<>();
    for (Stage stage : file.stages()) {
      boolean known =
          stagesWithWorkdir.contains(stage.from().image().text().toLowerCase(Locale.ROOT));
      for (Instruction instruction : stage.instructions()) {
        if (instruction instanceof Instruction.Workdir workdir) {
          String path = workdir.path().text();
          if (!known && isRelative(path)) {
            findings.add(
                "Relative workdir "
                    + Quoted.of(path)
                    + " can have unexpected results if the base image changes",
                workdir.header());
          }
          known = true;
        }
      }
      if (known) {
        stage.from().stageName().ifPresent(stagesWithWorkdir::add);
      }
    }
  }

  /** What begins with a quote or a variable may be absolute, as may a Windows drive. */
  private static boolean isRelative(String path) {
    boolean mayBeAbsolute = path.startsWith("$") || path.startsWith("\"") || path.startsWith("'");
    boolean drive = path.length() > 1 && path.charAt(1) == ':';
    return !mayBeAbsolute && !drive && !path.startsWith("/") && !path.startsWith("\\");
  }

  /** The earlier one is the one that has no effect, so it is the one told. */
  static void usedMoreThanOnce(Dockerfile file, Check.Findings findings) {
    for (Stage stage : file.stages()) {
      Map<String, Header> last = new HashMap<>();
      for (Instruction instruction : stage.instructions()) {
        if (instruction instanceof Instruction.Cmd
            || instruction instanceof Instruction.Entrypoint
            || instruction instanceof Instruction.Healthcheck) {
          Header header = instruction.header();
          Header earlier = last.put(header.keyword().toUpperCase(Locale.ROOT), header);
          if (earlier != null) {
            findings.add(
                "Multiple "
                    + header.keyword()
                    + " instructions should not be used in the same stage because only the last"
                    + " one will be used",
                earlier);
          }
        }
      }
    }
  }

  static void legacyPairs(Dockerfile file, Check.Findings findings) {
    for (Instruction instruction : file.instructions()) {
      boolean legacy =
          switch (instruction) {
            case Instruction.Env env -> env.legacyForm();
            case Instruction.Label label -> label.legacyForm();
            default -> false;
          };
      if (legacy) {
        String keyword = instruction.header().keyword().toUpperCase(Locale.ROOT);
        findings.add(
            "\""
                + keyword
                + " key=value\" should be used instead of legacy \""
                + keyword
                + " key value\" format",
            instruction.header());
      }
    }
  }

  static void secrets(Dockerfile file, Check.Findings findings) {
    for (Instruction instruction : file.instructions()) {
      Stream<Word> names =
          switch (instruction) {
            case Instruction.Arg arg ->
                arg.declarations().stream().map(Instruction.Arg.Declaration::name);
            case Instruction.Env env -> env.pairs().stream().map(Instruction.Pair::name);
            default -> Stream.of();
          };
      names
          .map(Word::text)
          .filter(SecretNames::isSecret)
          .forEach(name ->
              findings.add(
                  "Do not use ARG or ENV instructions for sensitive data ("
                      + instruction.header().keyword().toUpperCase(Locale.ROOT)
                      + " "
                      + Quoted.of(name)
                      + ")",
                  instruction.header()));
    }
  }

  static void protocolCasing(Dockerfile file, Check.Findings findings) {
    forEachPort(
        file,
        (port, header) -> {
          String protocol = port.substring(port.indexOf('/') + 1);
          if (port.contains("/") && !protocol.equals(protocol.toLowerCase(Locale.ROOT))) {
            findings.add(
                "Defined protocol '" + port + "' in EXPOSE instruction should be lowercase",
                header);
          }
        });
  }

  static void exposedAddress(Dockerfile file, Check.Findings findings) {
    forEachPort(
        file,
        (port, header) -> {
          if (port.indexOf(':') >= 0) {
            findings.add(
                "EXPOSE instruction should not define an IP address or host-port mapping,"
                    + " found '"
                    + port
                    + "'",
                header);
          }
        });
  }

  /** Ports without variables: what a variable makes of one is not known here. */
  private static void forEachPort(Dockerfile file, BiConsumer<String, Header> action) {
    all(file, Instruction.Expose.class)
        .forEach(expose ->
            expose.ports().stream()
                .map(Word::text)
                .filter(port -> port.indexOf('$') < 0)
                .forEach(port -> action.accept(port, expose.header())));
  }
}
