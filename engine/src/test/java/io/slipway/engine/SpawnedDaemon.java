package io.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.runtime.cgroup.KernelCgroupDriver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A {@link TestDaemon} in a process of its own, to be killed and started again. */
final class SpawnedDaemon implements AutoCloseable {
  private final Path directory;
  private final String name;
  private final String bip;
  private Process process;
  private String killed = "";
  private long startMillis;

  SpawnedDaemon(Path directory, String name, String bip) throws IOException {
    this.directory = directory;
    this.name = name;
    this.bip = bip;
    start();
  }

  void start() throws IOException {
    process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                TestDaemon.class.getName(),
                directory.toString(),
                name,
                bip)
            .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String first = lines.readLine();
    assertThat(first).as(Files.readString(log())).startsWith("ready ");
    killed = first.substring("ready ".length());
    startMillis = Long.parseLong(lines.readLine());
  }

  Path log() {
    return directory.resolve("log");
  }

  /** What it said it had killed of the daemon before it. */
  String killedLeftovers() {
    return killed;
  }

  /** How long it took to be ready. */
  long startMillis() {
    return startMillis;
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** The process that keeps containers' streams; empty if there is none. */
  Optional<ProcessHandle> keeper() throws IOException {
    try {
      String line = Files.readString(directory.resolve("exec/keeper"));
      return ProcessHandle.of(Long.parseLong(line.substring(0, line.indexOf(' '))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  void killKeeper() throws IOException {
    ProcessHandle keeper = keeper().orElseThrow();
    keeper.destroyForcibly();
    keeper.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** Whatever the test did, nothing of it stays. */
  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
    keeper().ifPresent(ProcessHandle::destroyForcibly);
    KernelCgroupDriver cgroups = KernelCgroupDriver.open(name);
    cgroups.removeLeftovers(Set.of());
    cgroups.removeParent();
    if (!Leftovers.interfaces(name).isEmpty()) {
      // it takes over bridges, rules and mounts, and takes them down
      TestDaemon.start(directory, name, bip).close();
    }
    Leftovers.deleteTree(directory);
  }
}
