package io.slipway.cli.command;

import io.slipway.image.error.SlipwayException;
import io.slipway.registry.auth.OpenAuthorizer;
import io.slipway.registry.http.ListenAddress;
import io.slipway.registry.http.RegistryConfig;
import io.slipway.registry.http.RegistryLimits;
import io.slipway.registry.http.RegistryServer;
import io.slipway.registry.store.SparseManifests;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway registry serve}: the registry in the foreground, until SIGINT or SIGTERM. */
final class RegistryServeCommand implements Command {
  private static final String LISTEN = "127.0.0.1:5000";

  @Override
  public void describe(CommandSpec spec) {
    new Options(spec)
        .text("Address to listen on (default " + LISTEN + ")", "host:port", "--listen")
        .text("Folder of all repositories and blobs", "path", "--data-root")
        .flag("Print a line for each request", "--access-log")
        .words();
  }

  @Override
  public String arguments() {
    return "[OPTIONS]";
  }

  @Override
  public int run(Invocation call) throws InterruptedException {
    call.arguments(0);
    if (call.text("--data-root").isEmpty()) {
      throw new UsageException("registry serve: give the folder for its data with --data-root DIR");
    }
    String listen = call.text("--listen").isEmpty() ? LISTEN : call.text("--listen");
    CountDownLatch stop = new CountDownLatch(1);
    Signals.handle("INT", name -> stop.countDown());
    Signals.handle("TERM", name -> stop.countDown());
    try {
      RegistryConfig config =
          new RegistryConfig(
              ListenAddress.parse(listen),
              Path.of(call.text("--data-root")).toAbsolutePath(),
              RegistryLimits.defaults(),
              SparseManifests.REJECT,
              new OpenAuthorizer(),
              call.flag("--access-log"));
      try (RegistryServer server = RegistryServer.open(config, line -> say(call, line))) {
        say(call, "listening on " + server.address() + ", data in " + config.dataRoot());
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
