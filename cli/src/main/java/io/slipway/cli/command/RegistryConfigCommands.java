package io.slipway.cli.command;

import io.slipway.registry.config.RegistrySettings;
import io.slipway.registry.config.SettingsReference;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway registry config}: settings without a server. */
final class RegistryConfigCommands {
  private RegistryConfigCommands() {}

  /** Says whether a server would take the settings. */
  static final class Check extends RegistryFileCommand {
    Check() {
      super("[OPTIONS]");
    }

    @Override
    void act(Invocation call) {
      call.arguments(0);
      RegistrySettings settings = RegistryFlags.read(call);
      call.console()
          .out()
          .println(
              "settings are good: listen on %s, data in %s"
                  .formatted(settings.listen(), settings.dataRoot()));
    }
  }

  /** Prints what can be set. */
  static final class Keys implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec).words();
    }

    @Override
    public String arguments() {
      return "";
    }

    @Override
    public int run(Invocation call) {
      call.arguments(0);
      call.console().out().print(SettingsReference.table());
      return 0;
    }
  }
}
