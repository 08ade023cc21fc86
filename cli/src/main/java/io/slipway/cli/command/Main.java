package io.slipway.cli.command;

import io.slipway.cli.client.EngineAddress;
import io.slipway.cli.client.EngineClient;
import java.util.List;
import java.util.Optional;

/** The program. */
public final class Main {
  private Main() {}

  /** Runs a command line and ends the process with its exit code. */
  public static void main(String[] words) throws InterruptedException {
    Console console = Console.ofProcess();
    int exitCode =
        new CommandLineRunner(SlipwayCommands.table(), console, Main::connect).run(List.of(words));
    console.flush();
    // Not exit: nothing is left to be done, and shutdown hooks cost a command its time.
    Runtime.getRuntime().halt(exitCode);
  }

  private static EngineClient connect(Optional<String> host) {
    String address =
        host.or(() -> Optional.ofNullable(System.getenv("DOCKER_HOST")).filter(h -> !h.isEmpty()))
            .orElseThrow(
                () -> new UsageException("no daemon given: set DOCKER_HOST or give -H ADDRESS"));
    try {
      return new EngineClient(EngineAddress.parse(address));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
