package io.slipway.cli.command;

import io.slipway.cli.client.EngineAddress;
import io.slipway.cli.client.EngineClient;
import io.slipway.cli.daemon.BackgroundDaemon;
import io.slipway.cli.daemon.DaemonPaths;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The program. */
public final class Main {
  private Main() {}

  /** Runs a command line and ends the process with its exit code. */
  public static void main(String[] words) throws InterruptedException {
    Console console = Console.ofProcess();
    int exitCode =
        new CommandLineRunner(
                SlipwayCommands.table(), console, host -> connect(host, DaemonPaths.ofProcess()))
            .run(List.of(words));
    console.flush();
    // Not exit: nothing is left to be done, and shutdown hooks cost a command its time.
    Runtime.getRuntime().halt(exitCode);
  }

  /** A client of the daemon that was given, else of the one that these paths name. */
  static EngineClient connect(Optional<String> host, DaemonPaths own) {
    Optional<String> given =
        host.or(() -> Optional.ofNullable(System.getenv("DOCKER_HOST")).filter(h -> !h.isEmpty()));
    try {
      return new EngineClient(given.map(EngineAddress::parse).orElseGet(() -> ownDaemon(own)));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
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
