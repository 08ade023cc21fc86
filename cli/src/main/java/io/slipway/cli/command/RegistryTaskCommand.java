package io.slipway.cli.command;

import io.slipway.image.error.SlipwayException;
import io.slipway.registry.admin.AdminRequest;
import io.slipway.registry.admin.RegistryAdmin;
import io.slipway.registry.upkeep.UpkeepSettings;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The commands of {@code slipway registry} that work on its data: by an order to the server that
 * has the data root open, or, when none has, in this process.
 */
abstract class RegistryTaskCommand implements Command {

  /** Adds what the task needs beside the data root. */
  abstract void describe(Options options);

  abstract AdminRequest request(Invocation call);

  @Override
  public final void describe(CommandSpec spec) {
    Options options =
        new Options(spec).text("Folder of all repositories and blobs", "path", "--data-root");
    describe(options);
    options.words();
  }

  @Override
  public String arguments() {
    return "--data-root DIR [OPTIONS]";
  }

  @Override
  public final int run(Invocation call) throws InterruptedException {
    if (call.text("--data-root").isEmpty()) {
      throw new UsageException(
          call.name() + ": give the folder of the registry's data with --data-root DIR");
    }
    try {
      RegistryAdmin.run(
          Path.of(call.text("--data-root")).toAbsolutePath(),
          UpkeepSettings.defaults(),
          request(call),
          line -> call.console().out().println(line));
      call.console().out().flush();
      return 0;
    } catch (SlipwayException e) {
      call.console().out().flush();
      throw new CommandFailure(1, "slipway " + call.name() + ": " + e.getMessage());
    }
  }

  /** {@code slipway registry gc}: frees what nothing needs. */
  static final class Collect extends RegistryTaskCommand {
    @Override
    void describe(Options options) {
      options
          .flag("Only print what would be dropped and freed", "--dry-run")
          .text(
              "Keep what was used within this time, such as 30m or 24h (default: the server's"
                  + " setting, else 24h)",
              "duration",
              "--grace");
    }

    @Override
    AdminRequest request(Invocation call) {
      call.arguments(0);
      return new AdminRequest(AdminRequest.Task.GC, call.flag("--dry-run"), call.text("--grace"));
    }
  }
}
