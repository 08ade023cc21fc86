package io.slipway.cli.command;

import io.slipway.cli.client.EngineAddress;
import io.slipway.cli.client.EngineClient;
import io.slipway.cli.daemon.BackgroundDaemon;
import io.slipway.cli.daemon.DaemonPaths;
import io.slipway.image.error.FileReason;
import java.io.IOException;
import java.util.List;

/** The program. */
public final class Main {
  private Main() {}

  /** Runs a command line and ends the process with its exit code. */
  public static void main(String[] words) throws InterruptedException {
    Console console = Console.ofProcess();
    int exitCode =
        new CommandLineRunner(
                SlipwayCommands.table(),
                console,
                options -> connect(options, DaemonPaths.ofProcess()))
            .run(List.of(words));
    console.flush();
    // Not exit: nothing is left to be done, and shutdown hooks cost a command its time.
    Runtime.getRuntime().halt(exitCode);
  }

  /** A client of the daemon that was chosen, else of the one that these paths name. */
  static EngineClient connect(GlobalOptions options, DaemonPaths own) {
    try {
      DaemonChoice choice = new DaemonChoice(options, System.getenv(), DockerConfig.load());
      return new EngineClient(choice.address().orElseGet(() -> ownDaemon(own)));
    } catch (IOException e) {
      throw new CommandFailure(1, "slipway: " + FileReason.of(e));
    }
  }

  private static EngineAddress ownDaemon(DaemonPaths paths) {
    try {
      new BackgroundDaemon(paths, System.getProperty("slipway.launcher"), System.err).ensure();
    } catch (IOException e) {
      throw new CommandFailure(1, "slipway: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(130, "slipway: interrupted while the daemon started");
    }
    return new EngineAddress.Unix(paths.socket());
  }
}
