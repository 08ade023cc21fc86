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
        row(MANAGEMENT, "system df", "Show disk usage", DiskUsageCommand::new),
        row(
            MANAGEMENT,
            "system events",
            "Get real time events from the server",
            EventsCommand::new),
        row(MANAGEMENT, "system info", "Display system-wide information", SystemCommands.Info::new),
        row(MANAGEMENT, "system prune", "Remove unused data", SpaceCommands.PruneSystem::new));
  }
}
