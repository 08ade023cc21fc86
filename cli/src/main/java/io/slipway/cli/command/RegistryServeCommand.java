package io.slipway.cli.command;

import io.slipway.image.error.SlipwayException;
import io.slipway.registry.config.RegistrySettings;
import io.slipway.registry.http.RegistryServer;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway registry serve}: the registry in the foreground, until SIGINT or SIGTERM. */
final class RegistryServeCommand implements Command {
  @Override
  public void describe(CommandSpec spec) {
    RegistryFlags.describe(new Options(spec)).words();
  }

  @Override
  public String arguments() {
    return "[OPTIONS]";
  }

  @Override
  public int run(Invocation call) throws InterruptedException {
    call.arguments(0);
    CountDownLatch stop = new CountDownLatch(1);
    Signals.handle("INT", name -> stop.countDown());
    Signals.handle("TERM", name -> stop.countDown());
    try {
      RegistrySettings settings = RegistryFlags.read(call);
      try (RegistryServer server = RegistryServer.open(settings, line -> say(call, line))) {
        say(call, "listening on " + server.address() + ", data in " + settings.dataRoot());
        stop.await();
        say(call, "stopping");
      }
      return 0;
    } catch (SlipwayException e) {
      throw new CommandFailure(1, "slipway registry: " + e.getMessage());
    }
  }

  private static void say(Invocation call, String line) {
    call.console().err().println("slipway registry: " + line);
    call.console().err().flush();
  }
}
