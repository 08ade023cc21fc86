package io.slipway.cli.command;

import io.slipway.runtime.linux.Arch;
import io.slipway.runtime.process.TinyExecutable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an engine does most, done for the start-up cache: it keeps which classes were needed and how
 * often methods were called, so that a new daemon compiles the right ones at once.
 */
final class EngineTraining {
  /** Some dozens: the first ones only load classes. */
  private static final int RUNS = 40;

  private final Path socket;

  EngineTraining(Path socket) {
    this.socket = socket;
  }

  void build(Path context) throws IOException, InterruptedException {
    program(context.resolve("exit"), TinyExecutable.exiting(Arch.current()));
    program(context.resolve("wait"), TinyExecutable.waiting(Arch.current()));
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM scratch\nARG A\nENV B=$A\nWORKDIR /app\nCOPY . .\nCMD [\"/app/exit\"]\n");
    for (int i = 0; i < 3; i++) {
      Files.writeString(context.resolve("file"), "content " + i / 2);
      ask("build", "-t", "a", context.toString());
    }
    ask("images");
  }

  private static void program(Path file, byte[] code) throws IOException {
    Files.write(file, code);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  void runContainers() throws InterruptedException {
    ask("run", "-d", "--name", "waiting", "--network", "none", "a", "/app/wait");
    for (int i = 0; i < RUNS; i++) {
      ask("run", "--rm", "--network", "none", "a");
      ask("exec", "waiting", "/app/exit");
    }
    ask("ps", "-a");
    ask("inspect", "waiting");
    ask("logs", "waiting");
    ask("kill", "waiting");
    ask("rm", "waiting");
  }

  private void ask(String... words) throws InterruptedException {
    List<String> line =
        Stream.concat(Stream.of("-H", "unix://" + socket), Stream.of(words)).toList();
    Trial.command(line, System.err);
  }
}
