package io.slipway.builder.frontend;

import io.slipway.builder.graph.Exec;
import io.slipway.builder.graph.ExecMount;
import io.slipway.builder.graph.NetworkMode;
import io.slipway.builder.graph.Vertex;
import io.slipway.dockerfile.ast.Command;
import io.slipway.dockerfile.ast.Flag;
import io.slipway.dockerfile.ast.Heredoc;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** RUN: the command, what it sees, and its line of history. */
final class RunInstruction {
  private static final String SCRIPTS = "/dev/pipes/";
  private static final String HOSTNAME_ARGUMENT = "BUILDKIT_SANDBOX_HOSTNAME";

  /** Passed to commands in both cases without being part of image, history or key. */
  private static final List<String> PROXIES =
      List.of("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY");

  private final StageBuild stage;
  private final ConfigInstructions config;
  private final List<Vertex> inputs = new ArrayList<>();
  private final List<ExecMount> mounts = new ArrayList<>();

  RunInstruction(StageBuild stage, ConfigInstructions config) {
    this.stage = stage;
    this.config = config;
  }

  void run(Instruction.Run run) {
    List<String> arguments = arguments(run.command());
    new MountFlags(stage, inputs, mounts).addAll(run.header().flags("mount"));
    BuildOptions options = stage.scope().input().options();
    var exec =
        new Exec(
            arguments,
            environment(),
            stage.workingDirectory(),
            stage.config().user(),
            network(run, options),
            insecure(run, options),
            options.buildArgs().getOrDefault(HOSTNAME_ARGUMENT, Exec.DEFAULT_HOSTNAME),
            mounts,
            new Exec.Hints(
                proxies(options),
                options.extraHosts(),
                options.shmSizeBytes(),
                Optional.of(stage.image().platform()),
                options.limits()));
    stage.layer(run, exec, inputs, "RUN " + historyText(arguments) + " # buildkit");
  }

  private List<String> arguments(Command command) {
    return switch (command) {
      case Command.Exec exec -> {
        if (exec.arguments().isEmpty()) {
          throw SlipwayException.invalid("arguments are required");
        }
        yield exec.arguments();
      }
      case Command.Shell shell -> config.withShell(shellText(shell));
    };
  }

  /** A command that is one heredoc only is a script; otherwise the shell reads heredocs itself. */
  private String shellText(Command.Shell shell) {
    if (shell.script().isEmpty()) {
      return shell.fullText();
    }
    Heredoc script = shell.script().get();
    if (!script.content().startsWith("#!")) {
      return script.body();
    }
    String path = SCRIPTS + script.name();
    mounts.add(new ExecMount.Script(path, Bytes.utf8(script.body())));
    return path;
  }

  private List<String> environment() {
    return stage.variables().entrySet().stream()
        .map(variable -> variable.getKey() + "=" + variable.getValue())
        .toList();
  }

  private static List<String> proxies(BuildOptions options) {
    var proxies = new ArrayList<String>();
    for (String name : PROXIES) {
      String lower = name.toLowerCase(java.util.Locale.ROOT);
      Map<String, String> given = options.buildArgs();
      String value = given.containsKey(name) ? given.get(name) : given.get(lower);
      if (value != null) {
        proxies.add(name + "=" + value);
        proxies.add(lower + "=" + value);
      }
    }
    return proxies;
  }

  private static NetworkMode network(Instruction.Run run, BuildOptions options) {
    String mode = run.header().flagValue("network").orElse("");
    return switch (mode) {
      case "", "default" -> options.network();
      case "none" -> NetworkMode.NONE;
      case "host" -> {
        boolean allowed = options.entitlements().contains(Entitlement.NETWORK_HOST);
        if (!allowed && options.network() != NetworkMode.HOST) {
          throw notAllowed(Entitlement.NETWORK_HOST);
        }
        yield NetworkMode.HOST;
      }
      default -> throw SlipwayException.invalid("invalid network mode \"" + mode + "\"");
    };
  }

  private static SlipwayException notAllowed(Entitlement entitlement) {
    return new SlipwayException(
        ErrorKind.FORBIDDEN,
        entitlement.label()
            + " is not allowed: build with --allow "
            + entitlement.label()
            + " to permit it");
  }

  private static boolean insecure(Instruction.Run run, BuildOptions options) {
    for (Flag flag : run.header().flags()) {
      if (flag.name().equals("device")) {
        throw new SlipwayException(
            ErrorKind.UNSUPPORTED, "RUN --device is not supported: remove the flag");
      }
    }
    String security = run.header().flagValue("security").orElse("sandbox");
    if (security.equals("insecure")) {
      if (!options.entitlements().contains(Entitlement.SECURITY_INSECURE)) {
        throw notAllowed(Entitlement.SECURITY_INSECURE);
      }
      return true;
    }
    if (!Set.of("sandbox", "").contains(security)) {
      throw SlipwayException.invalid("security \"" + security + "\" is not valid");
    }
    return false;
  }

  /** {@code |2 A=1 B= } and the arguments. */
  private String historyText(List<String> arguments) {
    var words = new ArrayList<String>();
    if (!stage.arguments().isEmpty()) {
      words.add("|" + stage.arguments().size());
      stage
          .arguments()
          .forEach(name -> words.add(name + "=" + stage.variables().getOrDefault(name, "")));
    }
    words.addAll(arguments);
    return String.join(" ", words);
  }
}
