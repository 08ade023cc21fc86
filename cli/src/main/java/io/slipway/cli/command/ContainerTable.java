package io.slipway.cli.command;

import io.slipway.cli.command.CommandTable.Entry;
import io.slipway.cli.command.CommandTable.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The commands on containers: each by itself and below {@code container}, as docker has them. */
final class ContainerTable {
  /** A command of both places. */
  private record Verb(String name, String summary, Supplier<Command> command) {}

  private static final List<Verb> VERBS =
      List.of(
          new Verb(
              "attach",
              "Attach local standard input, output, and error streams to a running container",
              AttachCommand::new),
          new Verb(
              "commit",
              "Create a new image from a container's changes",
              MoreContainerCommands.Commit::new),
          new Verb(
              "cp",
              "Copy files/folders between a container and the local filesystem",
              CopyCommand::new),
          new Verb("create", "Create a new container", () -> new RunCommand(true)),
          new Verb(
              "diff",
              "Inspect changes to files or directories on a container's filesystem",
              MoreContainerCommands.Diff::new),
          new Verb("exec", "Execute a command in a running container", ExecCommand::new),
          new Verb(
              "export",
              "Export a container's filesystem as a tar archive",
              MoreContainerCommands.Export::new),
          new Verb("kill", "Kill one or more running containers", ContainerCommands.Kill::new),
          new Verb("logs", "Fetch the logs of a container", LogsCommand::new),
          new Verb(
              "pause",
              "Pause all processes within one or more containers",
              () -> new ContainerCommands.Freeze("pause")),
          new Verb(
              "port",
              "List port mappings or a specific mapping for the container",
              MoreContainerCommands.Port::new),
          new Verb("rename", "Rename a container", MoreContainerCommands.Rename::new),
          new Verb("restart", "Restart one or more containers", ContainerCommands.Restart::new),
          new Verb("rm", "Remove one or more containers", ContainerCommands.Remove::new),
          new Verb("start", "Start one or more stopped containers", StartCommand::new),
          new Verb(
              "stats",
              "Display a live stream of container(s) resource usage statistics",
              StatsCommand::new),
          new Verb("stop", "Stop one or more running containers", ContainerCommands.Stop::new),
          new Verb(
              "top",
              "Display the running processes of a container",
              MoreContainerCommands.Top::new),
          new Verb(
              "unpause",
              "Unpause all processes within one or more containers",
              () -> new ContainerCommands.Freeze("unpause")),
          new Verb("update", "Update configuration of one or more containers", UpdateCommand::new),
          new Verb(
              "wait",
              "Block until one or more containers stop, then print their exit codes",
              MoreContainerCommands.Wait::new));

  /** Those that docker has below {@code container} alone, or under another name. */
  private static final List<Verb> BELOW =
      List.of(
          new Verb(
              "inspect",
              "Display detailed information on one or more containers",
              () -> new InspectCommand(Optional.of("container"))),
          new Verb("ls", "List containers", ContainerCommands.ListContainers::new),
          new Verb("prune", "Remove all stopped containers", SpaceCommands.PruneContainers::new),
          new Verb(
              "run", "Create and run a new container from an image", () -> new RunCommand(false)));

  private ContainerTable() {}

  static List<Entry> rows() {
    List<Entry> rows = new ArrayList<>();
    for (Verb verb : VERBS) {
      rows.add(new Entry(Group.OTHER, verb.name(), verb.summary(), verb.command()));
    }
    List<Verb> below = new ArrayList<>(VERBS);
    below.addAll(BELOW);
    // Not Comparator.comparing: its lambda is not in the start-up cache, and made at every start.
    below.sort((a, b) -> a.name().compareTo(b.name()));
    for (Verb verb : below) {
      rows.add(
          new Entry(Group.MANAGEMENT, "container " + verb.name(), verb.summary(), verb.command()));
    }
    return rows;
  }
}
