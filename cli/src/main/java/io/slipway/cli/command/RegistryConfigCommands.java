package io.slipway.cli.command;

import io.slipway.registry.config.RegistrySettings;
import io.slipway.registry.config.SettingsReference;

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
    public int run(Invocation call) {
      call.arguments(0);
      call.console().out().print(SettingsReference.table());
      return 0;
    }
  }
}
