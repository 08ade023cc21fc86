package io.slipway.cli.command;

import io.slipway.cli.daemon.DaemonPaths;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What trial runs for start-up caches have in common. */
final class Trial {
  private Trial() {}

  /** A trial in a folder of its own. */
  interface Run {
    void in(Path folder) throws IOException, InterruptedException;
  }

  /** Runs it and removes what it left. */
  static void run(Run trial) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("slipway-train");
    try {
      trial.in(folder);
    } finally {
      empty(folder);
    }
  }

  /** A command line as a user would give it. */
  static void command(List<String> words, PrintStream out) throws InterruptedException {
    Console console =
        new Console(new ByteArrayInputStream(new byte[0]), out, out, false, false, false);
    new CommandLineRunner(
            SlipwayCommands.table(), console, host -> Main.connect(host, DaemonPaths.ofProcess()))
        .run(words);
  }

  private static void empty(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
