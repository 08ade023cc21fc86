package io.slipway.cli.command;

import io.slipway.registry.http.ReadOnlyMark;
import java.io.IOException;
import java.nio.file.Path;

/** {@code slipway registry read-only}: switches a registry, running or not, within a second. */
final class RegistryReadOnlyCommand extends RegistryFileCommand {
  RegistryReadOnlyCommand() {
    super("[OPTIONS] [on|off]");
  }

  @Override
  void act(Invocation call) throws IOException {
    Path dataRoot = RegistryFlags.read(call).dataRoot();
    if (!call.arguments().isEmpty()) {
      String wanted = call.arguments(1).getFirst();
      if (!wanted.equals("on") && !wanted.equals("off")) {
        throw new UsageException("registry read-only wants on or off, got " + wanted);
      }
      ReadOnlyMark.set(dataRoot, wanted.equals("on"));
    }
    call.console().out().println(ReadOnlyMark.isSet(dataRoot) ? "on" : "off");
  }
}
