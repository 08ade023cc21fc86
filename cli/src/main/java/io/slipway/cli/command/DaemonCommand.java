package io.slipway.cli.command;

import io.slipway.builder.BuilderSettings;
import io.slipway.builder.context.ArchiveLimits;
import io.slipway.cli.daemon.DaemonOptions;
import io.slipway.cli.daemon.DaemonPaths;
import io.slipway.cli.daemon.DaemonProcess;
import io.slipway.cli.daemon.RootlessRules;
import io.slipway.engine.system.RuntimeSettings;
import io.slipway.engine.system.Runtimes;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway daemon}: the engine in the foreground, until SIGINT or SIGTERM. */
final class DaemonCommand implements Command {
  private static final Pattern TIME = Pattern.compile("(\\d{1,6})(s|m|h)");

  @Override
  public void describe(CommandSpec spec) {
    new Options(spec)
        .list("Address to listen on (unix:///path or tcp://127.0.0.1:port)", "list", "-H", "--host")
        .text("Folder of images, containers and the build cache", "path", "--data-root")
        .text("Folder of state that need not survive a reboot", "path", "--exec-root")
        .text("Name of the default network's bridge; 'none' for no bridge", "string", "--bridge")
        .text("Address of the bridge and its subnet (CIDR)", "cidr", "--bip")
        .text("What the build cache may take on disk", "bytes", "--build-cache-limit")
        .text("Share build results below this name", "host/path", "--build-cache-registry")
        .text("How many failed steps of builds are kept", "int", "--build-failed-steps")
        .text("What one archive may unpack to in a build (64g)", "bytes", "--build-archive-limit")
        .list("Another runtime that containers may ask for", "name=path", "--add-runtime")
        .text("Runtime of containers that name none", "string", "--default-runtime")
        .text("User/Group setting for user namespaces", "string", "--userns-remap")
        .flag("Let containers run on when the daemon is stopped", "--live-restore")
        .text("End after this time without work (30s, 15m, 2h)", "time", "--idle-stop")
        .words();
    DaemonTls.describe(new Options(spec));
  }

  @Override
  public String arguments() {
    return "[OPTIONS]";
  }

  @Override
  public int run(Invocation call) throws IOException, InterruptedException {
    call.arguments(0);
    DaemonPaths own = DaemonPaths.ofProcess();
    DaemonPaths paths =
        new DaemonPaths(
            path(call, "--data-root", own.dataRoot()),
            path(call, "--exec-root", own.execRoot()),
            text(call, "--bridge", own.bridge()),
            text(call, "--bip", own.bip()));
    List<String> listen = call.list("--host");
    DaemonOptions options =
        new DaemonOptions(
            listen.isEmpty() ? List.of("unix://" + paths.socket()) : listen,
            DaemonTls.of(call),
            paths,
            idle(call.text("--idle-stop")),
            builds(call),
            call.flag("--live-restore"),
            runtimes(call),
            call.text("--userns-remap"),
            RootlessRules.network(),
            SystemCommands.clientVersion());
    CountDownLatch stop = new CountDownLatch(1);
    Signals.handle("INT", name -> stop.countDown());
    Signals.handle("TERM", name -> stop.countDown());
    try {
      DaemonProcess.run(options, stop, line -> say(call.console(), line));
      return 0;
    } catch (SlipwayException e) {
      throw new CommandFailure(1, "slipway daemon: " + e.getMessage());
    }
  }

  private static void say(Console console, String line) {
    console.err().println("slipway daemon: " + line);
    console.err().flush();
  }

  private static Path path(Invocation call, String option, Path otherwise) {
    return call.text(option).isEmpty() ? otherwise : Path.of(call.text(option));
  }

  private static String text(Invocation call, String option, String otherwise) {
    return call.text(option).isEmpty() ? otherwise : call.text(option);
  }

  private static RuntimeSettings runtimes(Invocation call) {
    Map<String, Path> added = new LinkedHashMap<>();
    for (String text : call.list("--add-runtime")) {
      int equals = text.indexOf('=');
      if (equals < 1) {
        throw RunOption.invalid("--add-runtime", text, "use name=path");
      }
      added.put(text.substring(0, equals), Path.of(text.substring(equals + 1)));
    }
    return new RuntimeSettings(added, text(call, "--default-runtime", Runtimes.OWN));
  }

  private static BuilderSettings builds(Invocation call) {
    OptionalLong archives = bytes(call, "--build-archive-limit");
    if (archives.isPresent() && archives.getAsLong() <= 0) {
      throw new UsageException("--build-archive-limit takes a size above 0");
    }
    return new BuilderSettings(
        bytes(call, "--build-cache-limit"),
        Optional.of(call.text("--build-cache-registry")).filter(text -> !text.isEmpty()),
        failedSteps(call.text("--build-failed-steps")),
        ArchiveLimits.DEFAULTS.withBytes(archives.orElse(ArchiveLimits.DEFAULTS.bytes())));
  }

  private static OptionalLong bytes(Invocation call, String name) {
    String text = call.text(name);
    return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(ByteSize.parse(name, text));
  }

  private static int failedSteps(String text) {
    if (!text.isEmpty() && !text.matches("\\d{1,3}")) {
      throw new UsageException("--build-failed-steps takes a number from 0 to 999, not " + text);
    }
    return text.isEmpty() ? BuilderSettings.DEFAULT_FAILED_STEPS : Integer.parseInt(text);
  }

  private static Optional<Duration> idle(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      throw RunOption.invalid("--idle-stop", text, "use a number and s, m or h");
    }
    long number = Long.parseLong(time.group(1));
    return Optional.of(
        switch (time.group(2)) {
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          default -> Duration.ofHours(number);
        });
  }
}
