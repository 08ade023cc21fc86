package io.slipway.cli.command;

import static io.slipway.cli.command.CommandTable.Group.SERVICE;

import io.slipway.cli.command.CommandTable.Entry;
import java.util.List;
import java.util.function.Supplier;

/** The commands of {@code slipway registry}. */
final class RegistryTable {
  private RegistryTable() {}

  static List<Entry> rows() {
    return List.of(
        row("serve", "Run a registry in the foreground", RegistryServeCommand::new),
        row("gc", "Free what nothing in a registry needs", RegistryTaskCommand.Collect::new),
        row(
            "scrub",
            "Read all a registry stores and set damaged content aside",
            RegistryTaskCommand.Scrub::new),
        row(
            "fsck",
            "Check a registry's data, repair or rebuild it",
            RegistryTaskCommand.Check::new),
        row("retention", "Remove tags by rules", RegistryTaskCommand.Retain::new),
        row("du", "Show what a registry's repositories hold", RegistryTaskCommand.Usage::new),
        row(
            "import",
            "Take in the folder of a docker-registry, or an OCI layout",
            RegistryTaskCommand.Import::new),
        row(
            "config check",
            "Say whether a registry would take its settings",
            RegistryConfigCommands.Check::new),
        row("config keys", "List everything that can be set", RegistryConfigCommands.Keys::new),
        row("user add", "Add a user, or give it another password", RegistryUserCommands.Add::new),
        row("user list", "List users", RegistryUserCommands.Users::new),
        row("user remove", "Remove a user", RegistryUserCommands.Remove::new),
        row("token create", "Make an API key for a user", RegistryTokenCommands.Create::new),
        row("token list", "List API keys", RegistryTokenCommands.Keys::new),
        row("token revoke", "Make an API key worthless", RegistryTokenCommands.Revoke::new),
        row(
            "read-only",
            "Let a running registry refuse changes, or take them again",
            RegistryReadOnlyCommand::new));
  }

  private static Entry row(String name, String summary, Supplier<Command> command) {
    return new Entry(SERVICE, "registry " + name, summary, command);
  }
}
