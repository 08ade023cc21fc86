package io.slipway.cli.command;

import static io.slipway.cli.command.CommandTable.Group.COMMON;
import static io.slipway.cli.command.CommandTable.Group.HIDDEN;
import static io.slipway.cli.command.CommandTable.Group.MANAGEMENT;
import static io.slipway.cli.command.CommandTable.Group.OTHER;
import static io.slipway.cli.command.CommandTable.Group.SERVICE;

import io.slipway.cli.command.CommandTable.Entry;
import io.slipway.cli.command.CommandTable.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Every command of this program, one row each. */
final class SlipwayCommands {
  private SlipwayCommands() {}

  static Entry row(Group group, String name, String summary, Supplier<Command> command) {
    return new Entry(group, name, summary, command);
  }

  static CommandTable table() {
    List<Entry> all = new ArrayList<>(own());
    all.addAll(ContainerTable.rows());
    all.addAll(SystemTable.rows());
    all.addAll(NetworkTable.rows());
    all.addAll(RegistryTable.rows());
    return new CommandTable(all);
  }

  private static List<Entry> own() {
    return List.of(
        row(
            COMMON,
            "run",
            "Create and run a new container from an image",
            () -> new RunCommand(false)),
        row(COMMON, "ps", "List containers", ContainerCommands.ListContainers::new),
        row(COMMON, "build", "Build an image from a Dockerfile", BuildCommand::new),
        row(OTHER, "build debug", "Look around in a step that failed", BuildDebugCommand::new),
        row(OTHER, "build history", "Show what earlier builds did", BuildHistoryCommand::new),
        row(COMMON, "pull", "Download an image from a registry", TransferCommands.Pull::new),
        row(COMMON, "push", "Upload an image to a registry", TransferCommands.Push::new),
        row(COMMON, "images", "List images", ImageCommands.Images::new),
        row(COMMON, "login", "Authenticate to a registry", LoginCommands.Login::new),
        row(COMMON, "logout", "Log out from a registry", LoginCommands.Logout::new),
        row(COMMON, "version", "Show the Slipway version information", SystemCommands.Version::new),
        row(COMMON, "info", "Display system-wide information", SystemCommands.Info::new),
        row(
            OTHER,
            "demo",
            "Build, push, pull and run two samples, showing each step",
            DemoCommand::new),
        row(SERVICE, "daemon", "Run the engine in the foreground", DaemonCommand::new),
        row(HIDDEN, "train", "Record the start-up cache", TrainCommand::new),
        row(
            HIDDEN,
            "train-daemon",
            "Record the start-up cache of the daemon",
            TrainDaemonCommand::new),
        row(
            HIDDEN,
            "train-registry",
            "Record the start-up cache of the registry",
            TrainRegistryCommand::new),
        row(HIDDEN, "version-line", "Print version information", SystemCommands.VersionLine::new),
        row(
            MANAGEMENT,
            "builder du",
            "Show what the build cache takes on disk",
            BuilderCommands.DiskUsage::new),
        row(MANAGEMENT, "builder build", "Build an image from a Dockerfile", BuildCommand::new),
        row(MANAGEMENT, "builder prune", "Remove build cache", BuilderCommands.Prune::new),
        row(MANAGEMENT, "image build", "Build an image from a Dockerfile", BuildCommand::new),
        row(
            MANAGEMENT,
            "image history",
            "Show the history of an image",
            ImageCommands.History::new),
        row(
            MANAGEMENT,
            "image import",
            "Import the contents from a tarball to create a filesystem image",
            TransferCommands.Import::new),
        row(
            MANAGEMENT,
            "image inspect",
            "Display detailed information on one or more images",
            () -> new InspectCommand(Optional.of("image"))),
        row(
            MANAGEMENT,
            "image load",
            "Load an image from a tar archive or STDIN",
            TransferCommands.Load::new),
        row(MANAGEMENT, "image ls", "List images", ImageCommands.Images::new),
        row(
            MANAGEMENT,
            "image pull",
            "Download an image from a registry",
            TransferCommands.Pull::new),
        row(MANAGEMENT, "image push", "Upload an image to a registry", TransferCommands.Push::new),
        row(MANAGEMENT, "image rm", "Remove one or more images", ImageCommands.Remove::new),
        row(
            MANAGEMENT,
            "image save",
            "Save one or more images to a tar archive",
            TransferCommands.Save::new),
        row(
            MANAGEMENT,
            "image tag",
            "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE",
            ImageCommands.Tag::new),
        row(OTHER, "history", "Show the history of an image", ImageCommands.History::new),
        row(
            OTHER,
            "import",
            "Import the contents from a tarball to create a filesystem image",
            TransferCommands.Import::new),
        row(
            OTHER,
            "inspect",
            "Return low-level information on Slipway objects",
            () -> new InspectCommand(Optional.empty())),
        row(OTHER, "load", "Load an image from a tar archive or STDIN", TransferCommands.Load::new),
        row(OTHER, "rmi", "Remove one or more images", ImageCommands.Remove::new),
        row(
            OTHER,
            "save",
            "Save one or more images to a tar archive (streamed to STDOUT by default)",
            TransferCommands.Save::new),
        row(
            OTHER,
            "tag",
            "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE",
            ImageCommands.Tag::new));
  }
}
