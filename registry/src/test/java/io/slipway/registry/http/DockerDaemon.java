package io.slipway.registry.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's dockerd, started for one test in folders of its own. */
final class DockerDaemon implements AutoCloseable {
  private static final int START_TRIES = 300;
  private static final int STOP_SECONDS = 30;

  private final Path folder;
  private final Process process;

  private DockerDaemon(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  /** {@code options}: more of them for dockerd. */
  static DockerDaemon start(Path folder, String... options)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            "dockerd",
            "--data-root",
            folder.resolve("data").toString(),
            "--exec-root",
            folder.resolve("exec").toString(),
            "--pidfile",
            folder.resolve("pid").toString(),
            "-H",
            "unix://" + folder.resolve("socket"),
            "--bridge",
            "none",
            "--iptables=false",
            "--ip6tables=false",
            "--storage-driver",
            "vfs"));
    command.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    DockerDaemon daemon = new DockerDaemon(folder, process);
    for (int i = 0; i < START_TRIES; i++) {
      if (!process.isAlive()) {
        break;
      }
      if (Files.exists(folder.resolve("socket")) && daemon.answers()) {
        return daemon;
      }
      Thread.sleep(100);
    }
    daemon.close();
    throw new IOException("dockerd did not start:\n" + Files.readString(folder.resolve("log")));
  }

  private boolean answers() throws IOException, InterruptedException {
    return new ProcessBuilder("docker", "-H", "unix://" + folder.resolve("socket"), "version")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  /** Runs the docker client against it. */
  String docker(String... arguments) throws IOException, InterruptedException {
    return ClientCommand.run(folder, command(arguments));
  }

  /** The same for a command that must fail. */
  String dockerFails(String... arguments) throws IOException, InterruptedException {
    return ClientCommand.fail(folder, command(arguments));
  }

  private String[] command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add("docker");
    command.add("-H");
    command.add("unix://" + folder.resolve("socket"));
    command.addAll(List.of(arguments));
    return command.toArray(String[]::new);
  }

  /** Stops it, with the containerd it started, and unmounts what it mounted. */
  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      children.forEach(ProcessHandle::destroyForcibly);
      List<String> mounts =
          Files.readAllLines(Path.of("/proc/self/mounts")).stream()
              .map(line -> line.split(" ")[1])
              .filter(target -> target.startsWith(folder.toString() + "/"))
              .sorted(Comparator.reverseOrder())
              .toList();
      for (String mount : mounts) {
        new ProcessBuilder("umount", "-l", mount).start().waitFor();
      }
    } catch (IOException e) {
      throw new IllegalStateException("clean up after dockerd", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
