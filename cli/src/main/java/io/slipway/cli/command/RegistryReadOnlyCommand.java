package io.slipway.cli.command;

import io.slipway.image.error.SlipwayException;
import io.slipway.registry.http.ReadOnlyMark;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway registry read-only}: switches a registry, running or not, within a second. */
final class RegistryReadOnlyCommand implements Command {
  @Override
  public void describe(CommandSpec spec) {
    RegistryFlags.describe(new Options(spec)).words();
  }

  @Override
  public String arguments() {
    return "[OPTIONS] [on|off]";
  }

  @Override
  public int run(Invocation call) throws IOException {
    try {
      Path dataRoot = RegistryFlags.read(call).dataRoot();
      if (!call.arguments().isEmpty()) {
        String wanted = call.arguments(1).getFirst();
        if (!wanted.equals("on") && !wanted.equals("off")) {
          throw new UsageException("registry read-only wants on or off, got " + wanted);
        }
        ReadOnlyMark.set(dataRoot, wanted.equals("on"));
      }
      call.console().out().println(ReadOnlyMark.isSet(dataRoot) ? "on" : "off");
      return 0;
    } catch (SlipwayException e) {
      throw new CommandFailure(1, "slipway registry: " + e.getMessage());
    }
  }
}
