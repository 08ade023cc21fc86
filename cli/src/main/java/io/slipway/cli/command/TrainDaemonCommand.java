package io.slipway.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The trial run that the launcher records for the daemon's start-up cache: an engine of its own, if
 * this machine and user can have one, builds an image.
 */
final class TrainDaemonCommand implements Command {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Override
  public int run(Invocation call) throws IOException, InterruptedException {
    Trial.run(TrainDaemonCommand::trainEngine);
    return 0;
  }

  /** It ends by itself when nothing is left. */
  private static void trainEngine(Path directory) throws IOException, InterruptedException {
    Path socket = directory.resolve("sock");
    List<String> daemon =
        List.of(
            "daemon",
            "-H",
            "unix://" + socket,
            "--data-root",
            directory.resolve("engine").toString(),
            "--exec-root",
            directory.resolve("exec").toString(),
            "--bridge",
            "none",
            "--idle-stop",
            "1s");
    Thread engine = Thread.ofPlatform().start(() -> serve(daemon));
    Instant end = Instant.now().plus(PATIENCE);
    while (!Files.exists(socket) && engine.isAlive() && Instant.now().isBefore(end)) {
      Thread.sleep(10);
    }
    if (Files.exists(socket)) {
      Path context = Files.createDirectory(directory.resolve("context"));
      Files.writeString(
          context.resolve("Dockerfile"),
          "FROM scratch\nARG A\nENV B=$A\nWORKDIR /app\nCOPY . .\nCMD [\"/none\"]\n");
      for (int i = 0; i < 3; i++) {
        Files.writeString(context.resolve("file"), "content " + i / 2);
        ask(socket, "build", "-t", "a", context.toString());
      }
      ask(socket, "images");
      // there is no program to be run: the failure comes late enough
      ask(socket, "run", "--rm", "--network", "none", "a");
      ask(socket, "ps", "-a");
    }
    engine.join(PATIENCE);
  }

  private static void serve(List<String> words) {
    try {
      Trial.command(words, System.err);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void ask(Path socket, String... words) throws InterruptedException {
    Trial.command(
        Stream.concat(Stream.of("-H", "unix://" + socket), Stream.of(words)).toList(), System.err);
  }
}
