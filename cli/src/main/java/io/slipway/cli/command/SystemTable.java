package io.slipway.cli.command;

import static io.slipway.cli.command.CommandTable.Group.MANAGEMENT;
import static io.slipway.cli.command.CommandTable.Group.OTHER;
import static io.slipway.cli.command.SlipwayCommands.row;

import io.slipway.cli.command.CommandTable.Entry;
import java.util.List;

/** The commands on the engine as a whole. */
final class SystemTable {
  private SystemTable() {}

  static List<Entry> rows() {
    return List.of(
        row(OTHER, "events", "Get real time events from the server", EventsCommand::new),
        row(OTHER, "search", "Search a registry for images", SearchCommand::new),
        row(MANAGEMENT, "image prune", "Remove unused images", SpaceCommands.PruneImages::new),
        row(MANAGEMENT, "context create", "Create a context", ContextCommands.Create::new),
        row(
            MANAGEMENT,
            "context export",
            "Export a context to a tar archive FILE or a tar stream on STDOUT",
            ContextArchives.Export::new),
        row(
            MANAGEMENT,
            "context import",
            "Import a context from a tar or zip file",
            ContextArchives.Import::new),
        row(
            MANAGEMENT,
            "context inspect",
            "Display detailed information on one or more contexts",
            ContextCommands.Inspect::new),
        row(MANAGEMENT, "context ls", "List contexts", ContextCommands.ListContexts::new),
        row(MANAGEMENT, "context rm", "Remove one or more contexts", ContextCommands.Remove::new),
        row(
            MANAGEMENT,
            "context show",
            "Print the name of the current context",
            ContextCommands.Show::new),
        row(MANAGEMENT, "context update", "Update a context", ContextCommands.Update::new),
        row(MANAGEMENT, "context use", "Set the current context", ContextCommands.Use::new),
        row(
            MANAGEMENT,
            "manifest annotate",
            "Add additional information to a local image manifest",
            ManifestCommands.Annotate::new),
        row(
            MANAGEMENT,
            "manifest create",
            "Create a local manifest list for annotating and pushing to a registry",
            ManifestCommands.Create::new),
        row(
            MANAGEMENT,
            "manifest inspect",
            "Display an image manifest, or manifest list",
            ManifestCommands.Inspect::new),
        row(
            MANAGEMENT,
            "manifest push",
            "Push a manifest list to a repository",
            ManifestCommands.Push::new),
        row(
            MANAGEMENT,
            "manifest rm",
            "Delete one or more manifest lists from local storage",
            ManifestCommands.Remove::new),
        row(MANAGEMENT, "system df", "Show disk usage", DiskUsageCommand::new),
        row(
            MANAGEMENT,
            "system dial-stdio",
            "Connect standard input and output to the daemon, for clients that come by ssh",
            SystemCommands.DialStdio::new),
        row(
            MANAGEMENT,
            "system events",
            "Get real time events from the server",
            EventsCommand::new),
        row(MANAGEMENT, "system info", "Display system-wide information", SystemCommands.Info::new),
        row(MANAGEMENT, "system prune", "Remove unused data", SpaceCommands.PruneSystem::new));
  }
}
