package io.slipway.cli.command;

import io.slipway.image.error.SlipwayException;
import io.slipway.registry.admin.AdminRequest;
import io.slipway.registry.admin.RegistryAdmin;
import io.slipway.registry.config.RegistrySettings;
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
    Options options = RegistryFlags.describe(new Options(spec));
    describe(options);
    options.words();
  }

  @Override
  public String arguments() {
    return "[OPTIONS]";
  }

  @Override
  public final int run(Invocation call) throws InterruptedException {
    try {
      RegistrySettings settings = RegistryFlags.read(call);
      RegistryAdmin.run(
          settings.dataRoot(),
          settings.upkeep(),
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
      return new AdminRequest.Collect(call.flag("--dry-run"), call.text("--grace"));
    }
  }

  /** {@code slipway registry scrub}: reads everything and compares it with its digests. */
  static final class Scrub extends RegistryTaskCommand {
    @Override
    void describe(Options options) {
      options
          .text("Bytes to read in a second, such as 20m (default: no limit)", "size", "--rate")
          .text("Only what was not verified for so long", "duration", "--older-than");
    }

    @Override
    AdminRequest request(Invocation call) {
      call.arguments(0);
      return new AdminRequest.Scrub(call.text("--rate"), call.text("--older-than"));
    }
  }

  /** {@code slipway registry fsck}: compares the metadata with what is stored. */
  static final class Check extends RegistryTaskCommand {
    @Override
    void describe(Options options) {
      options
          .flag("Repair what can be repaired", "--repair")
          .flag("Make metadata that was lost anew, from the blobs and names.log", "--rebuild");
    }

    @Override
    AdminRequest request(Invocation call) {
      call.arguments(0);
      return call.flag("--rebuild")
          ? new AdminRequest.Rebuild()
          : new AdminRequest.Check(call.flag("--repair"));
    }
  }

  /** {@code slipway registry du}: what each repository holds. */
  static final class Usage extends RegistryTaskCommand {
    @Override
    void describe(Options options) {}

    @Override
    AdminRequest request(Invocation call) {
      call.arguments(0);
      return new AdminRequest.Usage();
    }
  }

  /** {@code slipway registry import}: takes in another registry's folder, or an OCI layout. */
  static final class Import extends RegistryTaskCommand {
    @Override
    void describe(Options options) {
      options.text("Where the images of an OCI layout belong", "name", "--repository");
    }

    @Override
    public String arguments() {
      return "[OPTIONS] FOLDER";
    }

    @Override
    AdminRequest request(Invocation call) {
      String folder = Path.of(call.arguments(1).getFirst()).toAbsolutePath().toString();
      return new AdminRequest.Import(folder, call.text("--repository"));
    }
  }

  /** {@code slipway registry retention}: removes tags by rules. */
  static final class Retain extends RegistryTaskCommand {
    @Override
    void describe(Options options) {
      options
          .flag("Only print what would be removed", "--dry-run")
          .list(
              "A rule in place of the server's, such as \"team/* tags=^dev- keep=10 pulled=30d\"",
              "rule",
              "--rule");
    }

    @Override
    AdminRequest request(Invocation call) {
      call.arguments(0);
      return new AdminRequest.Retain(call.flag("--dry-run"), call.list("--rule"));
    }
  }
}
