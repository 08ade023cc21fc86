package io.slipway.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The trial run that the launcher records for the daemon's start-up cache: an engine of its own, if
 * this machine and user can have one, builds an image and runs containers of it.
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
      EngineTraining training = new EngineTraining(socket);
      training.build(Files.createDirectory(directory.resolve("context")));
      training.runContainers();
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
}
