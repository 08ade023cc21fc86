package io.slipway.cli.command;

import static io.slipway.cli.command.CommandTable.Group.MANAGEMENT;
import static io.slipway.cli.command.SlipwayCommands.row;

import io.slipway.cli.command.CommandTable.Entry;
import java.util.List;
import java.util.Optional;

/** The commands on networks and volumes. */
final class NetworkTable {
  private NetworkTable() {}

  static List<Entry> rows() {
    return List.of(
        row(
            MANAGEMENT,
            "network connect",
            "Connect a container to a network",
            NetworkCommands.Connect::new),
        row(MANAGEMENT, "network create", "Create a network", NetworkCommands.Create::new),
        row(
            MANAGEMENT,
            "network disconnect",
            "Disconnect a container from a network",
            NetworkCommands.Disconnect::new),
        row(
            MANAGEMENT,
            "network inspect",
            "Display detailed information on one or more networks",
            () -> new InspectCommand(Optional.of("network"))),
        row(MANAGEMENT, "network ls", "List networks", NetworkCommands.ListNetworks::new),
        row(MANAGEMENT, "network prune", "Remove all unused networks", NetworkCommands.Prune::new),
        row(MANAGEMENT, "network rm", "Remove one or more networks", NetworkCommands.Remove::new),
        row(MANAGEMENT, "volume create", "Create a volume", VolumeCommands.Create::new),
        row(
            MANAGEMENT,
            "volume inspect",
            "Display detailed information on one or more volumes",
            () -> new InspectCommand(Optional.of("volume"))),
        row(MANAGEMENT, "volume ls", "List volumes", VolumeCommands.ListVolumes::new),
        row(MANAGEMENT, "volume prune", "Remove unused local volumes", VolumeCommands.Prune::new),
        row(MANAGEMENT, "volume rm", "Remove one or more volumes", VolumeCommands.Remove::new));
  }
}
