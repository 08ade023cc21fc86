package io.slipway.cli.command;

import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A command of {@code slipway registry} that looks at or changes files a registry reads, running or
 * not; which files, its settings say.
 */
abstract class RegistryFileCommand implements Command {
  private final String arguments;

  /** {@code arguments}: what follows the command. */
  RegistryFileCommand(String arguments) {
    this.arguments = arguments;
  }

  /** Adds flags beside those of the settings. */
  void describe(Options options) {}

  /** What it throws as SlipwayException ends the command with its message. */
  abstract void act(Invocation call) throws IOException;

  @Override
  public final void describe(CommandSpec spec) {
    Options options = RegistryFlags.describe(new Options(spec));
    describe(options);
    options.words();
  }

  @Override
  public final String arguments() {
    return arguments;
  }

  @Override
  public final int run(Invocation call) throws IOException {
    try {
      act(call);
      return 0;
    } catch (SlipwayException e) {
      throw new CommandFailure(1, "slipway registry: " + e.getMessage());
    }
  }
}
