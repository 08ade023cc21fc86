package io.slipway.builder.frontend;

import io.slipway.builder.graph.FileAction;
import io.slipway.builder.graph.FileActions;
import io.slipway.dockerfile.ast.Command;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.ast.Word;
import io.slipway.dockerfile.parse.HealthcheckTiming;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.ContainerConfig;
import io.slipway.image.model.Healthcheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The instructions that change the image's config, and WORKDIR. */
final class ConfigInstructions {
  private static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");

  private final StageBuild stage;

  ConfigInstructions(StageBuild stage) {
    this.stage = stage;
  }

  /** The shell of shell forms, from SHELL. */
  List<String> shell() {
    List<String> shell = stage.config().shell();
    return shell.isEmpty() ? DEFAULT_SHELL : shell;
  }

  void arg(Instruction.Arg arg) {
    var effective = new ArrayList<String>();
    for (Instruction.Arg.Declaration declaration : arg.declarations()) {
      String name = declaration.name().text();
      Optional<String> value = argument(declaration, name);
      stage.arguments().add(name);
      value.ifPresent(text -> stage.variables().put(name, text));
      effective.add(value.map(text -> name + "=" + text).orElse(name));
    }
    stage.history("ARG " + String.join(" ", effective));
  }

  /** In this order: the caller's, the default, the global one of the same name. */
  private Optional<String> argument(Instruction.Arg.Declaration declaration, String name) {
    String given = stage.scope().input().options().buildArgs().get(name);
    if (given != null) {
      return Optional.of(given);
    }
    if (declaration.defaultValue().isPresent()) {
      return declaration.defaultValue().map(stage::expand);
    }
    return stage.scope().globals().get(name);
  }

  void env(Instruction.Env env) {
    Map<String, String> pairs = expandAll(env.pairs());
    var lines = new ArrayList<>(stage.config().env());
    pairs.forEach((name, value) -> {
      if (name.isEmpty()) {
        throw SlipwayException.invalid("ENV names can not be blank");
      }
      putLine(lines, name, value);
      stage.variables().put(name, value);
    });
    stage.config(stage.config().toBuilder().env(lines).build());
    stage.history("ENV " + join(pairs));
  }

  /** Puts {@code NAME=value} into an environment; a name that is there keeps its place. */
  static void putLine(List<String> lines, String name, String value) {
    String line = name + "=" + value;
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(name + "=")) {
        lines.set(i, line);
        return;
      }
    }
    lines.add(line);
  }

  void label(Instruction.Label label) {
    Map<String, String> pairs = expandAll(label.pairs());
    var labels = new LinkedHashMap<>(stage.config().labels());
    labels.putAll(pairs);
    stage.config(stage.config().toBuilder().labels(labels).build());
    stage.history("LABEL " + join(pairs));
  }

  /** All words see the variables as they were before the instruction. */
  private Map<String, String> expandAll(List<Instruction.Pair> pairs) {
    var expanded = new LinkedHashMap<String, String>();
    for (Instruction.Pair pair : pairs) {
      expanded.put(stage.expand(pair.name()), stage.expand(pair.value()));
    }
    return expanded;
  }

  private static String join(Map<String, String> pairs) {
    var words = new ArrayList<String>();
    pairs.forEach((name, value) -> words.add(name + "=" + value));
    return String.join(" ", words);
  }

  void expose(Instruction.Expose expose) {
    var ports = new TreeSet<String>();
    for (Word word : expose.ports()) {
      for (String port : stage.expander().expand(word, stage.env()).words()) {
        ports.addAll(ExposedPorts.parse(port));
      }
    }
    var all = new TreeSet<>(stage.config().exposedPorts());
    all.addAll(ports);
    stage.config(stage.config().toBuilder().exposedPorts(all).build());
    stage.history("EXPOSE " + GoText.list(List.copyOf(ports)));
  }

  void volume(Instruction.Volume volume) {
    List<String> paths = volume.paths().stream().map(stage::expand).toList();
    if (paths.stream().anyMatch(String::isEmpty)) {
      throw SlipwayException.invalid("VOLUME specified can not be an empty string");
    }
    var all = new TreeSet<>(stage.config().volumes());
    all.addAll(paths);
    stage.config(stage.config().toBuilder().volumes(all).build());
    stage.history("VOLUME " + GoText.list(paths));
  }

  void user(Instruction.User user) {
    String value = stage.expand(user.user());
    stage.config(stage.config().toBuilder().user(value).build());
    stage.history("USER " + value);
  }

  void workdir(Instruction.Workdir workdir) {
    String path = ContainerPaths.resolve(stage.workingDirectory(), stage.expand(workdir.path()));
    stage.config(stage.config().toBuilder().workingDir(path).build());
    if (path.equals("/")) {
      stage.history("WORKDIR /");
    } else {
      var made = new FileAction.MakeDirectory(path, stage.config().user());
      stage.layer(workdir, new FileActions(List.of(made)), List.of(), "WORKDIR " + path);
    }
  }

  void cmd(Instruction.Cmd cmd) {
    List<String> arguments = arguments(cmd.command());
    stage.config(stage.config().toBuilder().cmd(arguments).argsEscaped(true).build());
    stage.markCommandSet();
    stage.history("CMD " + GoText.quotedList(arguments));
  }

  void entrypoint(Instruction.Entrypoint entrypoint) {
    List<String> arguments = arguments(entrypoint.command());
    ContainerConfig.Builder config = stage.config().toBuilder().entrypoint(arguments);
    stage.config((stage.commandSet() ? config : config.noCmd()).build());
    stage.history("ENTRYPOINT " + GoText.quotedList(arguments));
  }

  private List<String> arguments(Command command) {
    return switch (command) {
      case Command.Exec exec -> exec.arguments();
      case Command.Shell text -> withShell(text.text());
    };
  }

  List<String> withShell(String text) {
    var arguments = new ArrayList<>(shell());
    arguments.add(text);
    return arguments;
  }

  void shell(Instruction.Shell shell) {
    stage.config(stage.config().toBuilder().shell(shell.arguments()).build());
    stage.history("SHELL " + GoText.list(shell.arguments()));
  }

  void stopsignal(Instruction.Stopsignal stopsignal) {
    String signal = stage.expand(stopsignal.signal());
    Signals.check(signal);
    stage.config(stage.config().toBuilder().stopSignal(signal).build());
    stage.history("STOPSIGNAL " + signal);
  }

  void healthcheck(Instruction.Healthcheck healthcheck) {
    HealthcheckTiming timing = HealthcheckTiming.of(healthcheck);
    List<String> test = new ArrayList<>();
    if (healthcheck.command().isEmpty()) {
      test.add("NONE");
    } else {
      switch (healthcheck.command().get()) {
        case Command.Exec exec -> {
          test.add("CMD");
          test.addAll(exec.arguments());
        }
        case Command.Shell text -> test.addAll(List.of("CMD-SHELL", text.text()));
      }
    }
    var check =
        new Healthcheck(
            test,
            timing.interval(),
            timing.timeout(),
            timing.startPeriod(),
            timing.startInterval(),
            timing.retries());
    stage.config(stage.config().toBuilder().healthcheck(Optional.of(check)).build());
    stage.history("HEALTHCHECK " + describe(check));
  }

  private static String describe(Healthcheck check) {
    return "{Test:"
        + GoText.list(check.test())
        + " Interval:"
        + GoText.duration(check.interval())
        + " Timeout:"
        + GoText.duration(check.timeout())
        + " StartPeriod:"
        + GoText.duration(check.startPeriod())
        + " StartInterval:"
        + GoText.duration(check.startInterval())
        + " Retries:"
        + check.retries()
        + "}";
  }

  void maintainer(Instruction.Maintainer maintainer) {
    String name = maintainer.name().text();
    stage.author(name);
    stage.historyWithAuthor("MAINTAINER " + name, name);
  }

  void onbuild(Instruction.Onbuild onbuild) {
    var all = new ArrayList<>(stage.config().onBuild());
    all.add(onbuild.trigger());
    stage.config(stage.config().toBuilder().onBuild(all).build());
  }
}
