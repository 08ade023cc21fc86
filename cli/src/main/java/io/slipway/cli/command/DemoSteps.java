package io.slipway.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Runs the steps of a demo, shows each as a command line, and keeps their times. */
final class DemoSteps {
  private record Step(String name, Duration time) {}

  private final Invocation call;
  private final Path program;
  private final List<Step> steps = new ArrayList<>();

  DemoSteps(Invocation call, String launcher) {
    this.call = call;
    this.program = Path.of(launcher);
  }

  void say(String line) {
    out().println("# " + line);
    out().flush();
  }

  void output(String text) {
    out().print(text);
    out().flush();
  }

  void did(String name, Duration time) {
    steps.add(new Step(name, time));
    out().println("$ " + name);
    out().flush();
  }

  /** Runs a command of this program; one that fails ends the demo with its exit code. */
  void slipway(String name, String... words) throws InterruptedException {
    out().println("$ slipway " + String.join(" ", words));
    call.console().flush();
    Instant begin = Instant.now();
    int exitCode =
        new CommandLineRunner(SlipwayCommands.table(), call.console(), host -> call.client())
            .run(List.of(words));
    call.console().flush();
    if (exitCode != 0) {
      throw new CommandFailure(exitCode, "demo: the step '" + name + "' failed (above)");
    }
    steps.add(new Step(name, Duration.between(begin, Instant.now())));
  }

  /** The tar of a base image, made by the samples' script; its program is installed if need be. */
  String baseImage(Path samples, String base) throws IOException, InterruptedException {
    Path script = samples.resolve("make-base");
    String program = base.equals("busybox") ? "busybox" : "debootstrap";
    String packageName = base.equals("busybox") ? "busybox-static" : "debootstrap";
    if (!onPath(program)) {
      install(packageName);
    }
    Instant begin = Instant.now();
    out().println("$ " + script + " " + base);
    out().flush();
    Process process =
        new ProcessBuilder(script.toString(), base)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String tar =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new CommandFailure(1, "demo: " + script + " " + base + " failed (above)");
    }
    steps.add(new Step("make the " + base + " base", Duration.between(begin, Instant.now())));
    return tar;
  }

  private static boolean onPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
    for (String directory : path.split(":")) {
      if (!directory.isEmpty() && Path.of(directory, program).toFile().canExecute()) {
        return true;
      }
    }
    return false;
  }

  private void install(String packageName) throws IOException, InterruptedException {
    String command = "apt-get install -y --no-install-recommends " + packageName;
    if (!System.getProperty("user.name").equals("root")) {
      throw new CommandFailure(
          1, "demo: " + packageName + " is missing: install it with: " + command);
    }
    out().println("$ apt-get update && " + command);
    out().flush();
    Process process =
        new ProcessBuilder("sh", "-c", "{ apt-get -q update && " + command + "; } >&2")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.waitFor() != 0) {
      throw new CommandFailure(1, "demo: " + command + " failed (above)");
    }
  }

  void summary() {
    Table table = new Table("STEP", "TIME");
    Duration sum = Duration.ZERO;
    for (Step step : steps) {
      table.row(step.name(), millis(step.time()));
      sum = sum.plus(step.time());
    }
    table.row("in all", millis(sum));
    out().println();
    table.print(out());
    out().println("\nIt works. Everything above ran through " + program + ".");
  }

  private static String millis(Duration time) {
    return time.toMillis() < 1000 ? time.toMillis() + " ms" : HumanText.seconds(time);
  }

  private PrintStream out() {
    return call.console().out();
  }
}
