package io.slipway.builder.check;

import io.slipway.dockerfile.ast.Comment;
import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.ast.Flag;
import io.slipway.dockerfile.ast.Header;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.ast.Stage;
import io.slipway.image.error.SlipwayException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a target takes: build arguments, secrets and agents of the stages it needs.
 *
 * @param target name of the stage; empty for one without a name
 */
public record Outline(
    String target,
    String description,
    List<Argument> arguments,
    List<Loan> secrets,
    List<Loan> agents) {

  /** A build argument and its default. */
  public record Argument(String name, String description, String value, Lines lines) {}

  /** A secret or an agent that steps ask for. */
  public record Loan(String name, boolean required, Lines lines) {}

  /** A stage that can be built. */
  public record Target(
      String name,
      String description,
      boolean isDefault,
      String base,
      String platform,
      Lines lines) {}

  public Outline {
    arguments = List.copyOf(arguments);
    secrets = List.copyOf(secrets);
    agents = List.copyOf(agents);
  }

  /** The stages that can be built, in the order of the file. */
  public static List<Target> targets(Dockerfile file) {
    List<Stage> stages = file.stages();
    return stages.stream()
        .map(stage -> {
          Instruction.From from = stage.from();
          String name = from.stageName().orElse("");
          return new Target(
              name,
              describe(from.header(), name),
              stage == stages.getLast(),
              from.image().text(),
              from.header().flagValue("platform").orElse(""),
              Lines.of(from.range()));
        })
        .toList();
  }

  /**
   * The outline of a target; of the last stage if the name is empty.
   *
   * @param given build arguments
   */
  public static Outline of(Dockerfile file, String target, Map<String, String> given) {
    List<Stage> stages = file.stages();
    Stage wanted =
        target.isEmpty()
            ? stages.getLast()
            : stages.stream()
                .filter(stage -> stage.from().stageName().equals(Optional.of(lower(target))))
                .findFirst()
                .orElseThrow(() ->
                    SlipwayException.invalid("target stage \"" + target + "\" could not be found"));
    Set<Stage> needed = new LinkedHashSet<>();
    need(wanted, stages, needed);
    Map<String, Argument> arguments = new LinkedHashMap<>();
    file.globalArgs().forEach(arg -> declare(arg, given, arguments));
    Map<String, Loan> secrets = new LinkedHashMap<>();
    Map<String, Loan> agents = new LinkedHashMap<>();
    for (Stage stage : needed.stream().sorted((a, b) -> a.index() - b.index()).toList()) {
      for (Instruction instruction : stage.instructions()) {
        if (instruction instanceof Instruction.Arg arg) {
          declare(arg, given, arguments);
        } else if (instruction instanceof Instruction.Run run) {
          lend(run, secrets, agents);
        }
      }
    }
    String name = wanted.from().stageName().orElse("");
    return new Outline(
        name,
        describe(wanted.from().header(), name),
        new ArrayList<>(arguments.values()),
        new ArrayList<>(secrets.values()),
        new ArrayList<>(agents.values()));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static void need(Stage stage, List<Stage> stages, Set<Stage> needed) {
    if (!needed.add(stage)) {
      return;
    }
    find(stage.from().image().text(), stage, stages).ifPresent(base -> need(base, stages, needed));
    for (Instruction instruction : stage.instructions()) {
      instruction
          .header()
          .flagValue("from")
          .flatMap(from -> find(from, stage, stages))
          .ifPresent(from -> need(from, stages, needed));
      for (Flag mount : instruction.header().flags("mount")) {
        for (String field : mount.value().orElse("").split(",")) {
          if (field.startsWith("from=")) {
            find(field.substring("from=".length()), stage, stages)
                .ifPresent(from -> need(from, stages, needed));
          }
        }
      }
    }
  }

  private static Optional<Stage> find(String name, Stage user, List<Stage> stages) {
    return stages.subList(0, user.index()).stream()
        .filter(stage ->
            stage.from().stageName().equals(Optional.of(lower(name)))
                || name.equals(Integer.toString(stage.index())))
        .reduce((first, second) -> second);
  }

  private static void declare(
      Instruction.Arg arg, Map<String, String> given, Map<String, Argument> arguments) {
    for (Instruction.Arg.Declaration declared : arg.declarations()) {
      String name = declared.name().text();
      Argument known = arguments.get(name);
      String value =
          given.containsKey(name)
              ? given.get(name)
              : declared
                  .defaultValue()
                  .map(word -> word.text())
                  .orElse(known == null ? "" : known.value());
      String description = describe(arg.header(), name);
      arguments.put(
          name,
          new Argument(
              name,
              description.isEmpty() && known != null ? known.description() : description,
              value,
              Lines.of(arg.range())));
    }
  }

  private static void lend(
      Instruction.Run run, Map<String, Loan> secrets, Map<String, Loan> agents) {
    for (Flag flag : run.header().flags("mount")) {
      Map<String, String> fields = new LinkedHashMap<>();
      for (String field : flag.value().orElse("").split(",")) {
        int equals = field.indexOf('=');
        fields.put(
            equals < 0 ? field : field.substring(0, equals),
            equals < 0 ? "true" : field.substring(equals + 1));
      }
      String type = fields.getOrDefault("type", "bind");
      boolean required = fields.getOrDefault("required", "false").equals("true");
      if (type.equals("secret")) {
        String target = fields.getOrDefault("target", fields.getOrDefault("dst", ""));
        String id = fields.getOrDefault("id", target.substring(target.lastIndexOf('/') + 1));
        secrets.merge(id, new Loan(id, required, Lines.of(run.range())), Outline::stronger);
      } else if (type.equals("ssh")) {
        String id = fields.getOrDefault("id", "default");
        agents.merge(id, new Loan(id, required, Lines.of(run.range())), Outline::stronger);
      }
    }
  }

  private static Loan stronger(Loan first, Loan second) {
    return first.required() ? first : second;
  }

  /** The comment above an instruction, if it begins with the name. */
  private static String describe(Header header, String name) {
    List<Comment> comments = header.comments();
    if (name.isEmpty() || comments.isEmpty()) {
      return "";
    }
    String text = String.join(" ", comments.stream().map(Comment::text).toList());
    return lower(text).startsWith(lower(name) + " ") ? text.substring(name.length() + 1) : "";
  }
}
