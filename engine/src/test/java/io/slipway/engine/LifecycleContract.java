package io.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.engine.DockerCli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes on with a container after its start, seen by the real docker CLI. Runs against our
 * engine and against dockerd, which must agree.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LifecycleContract {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The client of a daemon that has the image busybox. */
  abstract DockerCli docker();

  @AfterEach
  void removeAll() throws Exception {
    for (String id : docker().ok("ps", "-aq").split("\n")) {
      if (!id.isBlank()) {
        docker().ok("rm", "-fv", id);
      }
    }
  }

  String run(String name, String... more) throws Exception {
    String[] command = new String[more.length + 6];
    String[] first = {"run", "-d", "--name", name, "--network", "none"};
    System.arraycopy(first, 0, command, 0, first.length);
    System.arraycopy(more, 0, command, first.length, more.length);
    return docker().ok(command);
  }

  String inspect(String name, String format) throws Exception {
    return docker().ok("inspect", "-f", format, name);
  }

  /** Waits until inspect says it. */
  void await(String name, String format, String wanted) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String seen = inspect(name, format);
    while (!seen.equals(wanted)) {
      assertThat(System.nanoTime()).as(name + " is " + seen).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(50);
      seen = inspect(name, format);
    }
  }

  @Test
  void restartsAfterFailuresUpToTheLimit() throws Exception {
    run("failing", "--restart", "on-failure:2", "busybox", "sh", "-c", "echo run; exit 4");
    await("failing", "{{.State.Status}} {{.RestartCount}}", "exited 2");
    assertThat(inspect("failing", "{{.State.ExitCode}} {{.State.Restarting}}"))
        .isEqualTo("4 false");
    assertThat(docker().ok("logs", "failing")).isEqualTo("run\nrun\nrun");
  }

  /** What dockerd 20.10 gives; later ones, and we, hide some more. */
  @Test
  void theDefaultProfileIsDockers() throws Exception {
    String look =
        """
        grep -E '^(CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs|Seccomp):' /proc/self/status
        for p in kcore keys timer_list sched_debug; do
          test -e /proc/$p && { test -c /proc/$p || echo $p is not masked; }
        done
        ls /proc/acpi /proc/scsi /sys/firmware 2>/dev/null | grep -v : | grep .
        for p in bus fs irq sys sysrq-trigger; do
          test -e /proc/$p && { grep -q " /proc/$p proc ro," /proc/self/mounts || echo $p; }
        done
        grep -E ' (/sys|/proc|/dev|/dev/shm|/dev/pts) ' /proc/self/mounts | cut -d' ' -f2-4 |
          sed -e 's/,inode64//' -e 's/seclabel,//' | sort
        ls /dev | grep -v core | tr '\\n' ' '
        ls /proc/self/fd | tr '\\n' ' '
        id
        """;
    String[] command = {"run", "--rm", "--network", "none", "busybox", "sh", "-c", look};
    assertThat(docker().ok(command).replace("\t", " ").split("\n"))
        .containsExactly(
            "CapPrm: 00000000a80425fb",
            "CapEff: 00000000a80425fb",
            "CapBnd: 00000000a80425fb",
            "CapAmb: 0000000000000000",
            "NoNewPrivs: 0",
            "Seccomp: 2",
            "/dev tmpfs rw,nosuid,size=65536k,mode=755",
            "/dev/pts devpts rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=666",
            "/dev/shm tmpfs rw,nosuid,nodev,noexec,relatime,size=65536k",
            "/proc proc rw,nosuid,nodev,noexec,relatime",
            "/sys sysfs ro,nosuid,nodev,noexec,relatime",
            "fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero 0 1 2 3"
                + " uid=0(root) gid=0(root) groups=0(root)");
  }

  @Test
  void devicesOfTheHost(@TempDir Path host) throws Exception {
    Files.createDirectories(host.resolve("dir/sub"));
    // the kernel's log, which everybody may open to write if the cgroup lets him
    for (String node : new String[] {"one", "dir/a", "dir/sub/b"}) {
      Process made =
          new ProcessBuilder("mknod", host.resolve(node).toString(), "c", "1", "11").start();
      assertThat(made.waitFor()).isZero();
    }
    Files.writeString(host.resolve("file"), "");
    String[] run = {"run", "--rm", "--network", "none"};
    assertThat(
            docker()
                .ok(
                    join(
                        run,
                        "--device",
                        host.resolve("dir") + ":/dev/given:w",
                        "busybox",
                        "sh",
                        "-c",
                        "stat -c '%n %t:%T' /dev/given/a /dev/given/sub/b; : >/dev/given/a && echo"
                            + " may")))
        .isEqualTo("/dev/given/a 1:b\n/dev/given/sub/b 1:b\nmay");
    Result denied =
        docker()
            .run(
                join(
                    run,
                    "--device",
                    host.resolve("one") + ":/dev/sub/one:r",
                    "busybox",
                    "sh",
                    "-c",
                    ": >/dev/sub/one"));
    assertThat(denied.err()).contains("/dev/sub/one: Operation not permitted");
    assertThat(
            docker()
                .ok(
                    join(
                        run,
                        "--device-cgroup-rule",
                        "c 1:11 w",
                        "busybox",
                        "sh",
                        "-c",
                        "mknod /k c 1 11; : >/k && echo may")))
        .isEqualTo("may");
    assertThat(docker().run(join(run, "--device", host + "/no", "busybox", "true")).err())
        .contains(
            "error gathering device information while adding custom device \""
                + host
                + "/no\": no such file or directory");
    assertThat(docker().run(join(run, "--device", host + "/file", "busybox", "true")).err())
        .contains("adding custom device \"" + host + "/file\": not a device node");
    assertThat(docker().run(join(run, "--device-read-bps", "/dev/no:1mb", "busybox", "true")).err())
        .contains("stat /dev/no: no such file or directory");
  }

  private static String[] join(String[] first, String... more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void ratesOfADisk() throws Exception {
    String disk;
    try (Stream<Path> all = Files.list(Path.of("/sys/block"))) {
      disk =
          all.map(block -> "/dev/" + block.getFileName())
              .filter(device -> Files.exists(Path.of(device)))
              .findFirst()
              .orElseThrow();
    }
    String id =
        run(
            "limited",
            "--device-read-bps",
            disk + ":1mb",
            "--device-write-iops",
            disk + ":70",
            "busybox",
            "sleep",
            "1000");
    assertThat(
            inspect(
                "limited",
                "{{.HostConfig.BlkioDeviceReadBps}}{{.HostConfig.BlkioDeviceWriteIOps}}"))
        .contains(disk + ":1048576", disk + ":70");
    Process grep =
        new ProcessBuilder(
                "sh",
                "-c",
                "cat $(find /sys/fs/cgroup -path \"*/$0/*\" -name '*throttle*_device' -o -path"
                    + " \"*/$0/io.max\")",
                id)
            .start();
    assertThat(new String(grep.getInputStream().readAllBytes())).contains("1048576", "70");
  }

  @Test
  void aStopEndsTheRestarts() throws Exception {
    run("always", "--restart", "always", "busybox", "false");
    // from the fifth on it waits for seconds, long enough for the commands
    await("always", "{{ge .RestartCount 5}}", "true");
    await("always", "{{.State.Restarting}} {{.State.Running}} {{.State.Pid}}", "true true 0");
    assertThat(docker().run("exec", "always", "true").err())
        .contains("is restarting, wait until the container is running");
    assertThat(docker().run("rm", "always").err())
        .containsIgnoringCase("stop the container before");
    docker().ok("stop", "always");
    String count = inspect("always", "{{.State.Status}} {{.RestartCount}}");
    TimeUnit.SECONDS.sleep(2);
    assertThat(inspect("always", "{{.State.Status}} {{.RestartCount}}")).isEqualTo(count);
    assertThat(count).startsWith("exited");
    docker().ok("start", "always");
    await("always", "{{ge .RestartCount 1}}", "true");
  }

  @Test
  void aKilledProcessComesBackAndAKilledContainerDoesNot() throws Exception {
    run("svc", "--restart", "unless-stopped", "busybox", "sleep", "1000");
    String pid = inspect("svc", "{{.State.Pid}}");
    ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
    await("svc", "{{.State.Status}} {{.RestartCount}}", "running 1");
    assertThat(inspect("svc", "{{.State.Pid}}")).isNotEqualTo(pid);
    docker().ok("kill", "svc");
    assertThat(inspect("svc", "{{.State.Status}} {{.State.ExitCode}}")).isEqualTo("exited 137");
  }

  @Test
  void initReapsOrphansAndPassesSignalsOn() throws Exception {
    run(
        "init",
        "--init",
        "busybox",
        "sh",
        "-c",
        "trap 'exit 5' TERM; (sleep 0.1 &); sleep 1000 & wait");
    assertThat(docker().ok("exec", "init", "ps")).contains("1 root     /sbin/docker-init -- sh -c");
    docker().ok("stop", "init");
    assertThat(inspect("init", "{{.State.ExitCode}}")).isEqualTo("5");
  }

  @Test
  void updatesLimitsWhileItRuns() throws Exception {
    run("limited", "-m", "20m", "busybox", "sleep", "1000");
    docker()
        .ok(
            "update",
            "-m",
            "32m",
            "--memory-swap",
            "64m",
            "--cpus",
            "0.5",
            "--pids-limit",
            "33",
            "--restart",
            "always",
            "limited");
    assertThat(
            inspect(
                "limited",
                "{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}} {{.HostConfig.NanoCpus}}"
                    + " {{.HostConfig.PidsLimit}} {{.HostConfig.RestartPolicy.Name}}"))
        .isEqualTo("33554432 67108864 500000000 33 always");
    String pid = inspect("limited", "{{.State.Pid}}");
    assertThat(cgroupFile(pid, "pids", "pids.max", "pids.max")).isEqualTo("33");
    assertThat(cgroupFile(pid, "memory", "memory.limit_in_bytes", "memory.max"))
        .isEqualTo("33554432");
    docker().ok("update", "--pids-limit", "-1", "limited");
    assertThat(cgroupFile(pid, "pids", "pids.max", "pids.max")).isEqualTo("max");
    assertThat(docker().run("update", "-m", "100m", "limited").err())
        .contains("Memory limit should be smaller than already set memoryswap limit");
  }

  private static String cgroupFile(String pid, String controller, String v1, String v2)
      throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", pid, "cgroup"))) {
      String[] parts = line.split(":", 3);
      Path first = Path.of("/sys/fs/cgroup", parts[1], parts[2], v1);
      Path second = Path.of("/sys/fs/cgroup" + parts[2], v2);
      if (parts[1].equals(controller) && Files.exists(first)) {
        return Files.readString(first).strip();
      }
      if (parts[1].isEmpty() && Files.exists(second)) {
        return Files.readString(second).strip();
      }
    }
    throw new IOException("no " + controller + " cgroup of process " + pid);
  }

  @Test
  void checksTheHealth() throws Exception {
    run(
        "checked",
        "--health-cmd",
        "echo looking; test -f /ok",
        "--health-interval",
        "100ms",
        "--health-retries",
        "2",
        "busybox",
        "sleep",
        "1000");
    await("checked", "{{.State.Health.Status}}", "unhealthy");
    assertThat(docker().ok("ps", "-q", "--filter", "health=unhealthy")).isNotEmpty();
    docker().ok("exec", "checked", "touch", "/ok");
    await("checked", "{{.State.Health.Status}} {{.State.Health.FailingStreak}}", "healthy 0");
    assertThat(docker().ok("ps", "--format", "{{.Status}}")).contains("(healthy)");
    assertThat(inspect("checked", "{{(index .State.Health.Log 0).Output}}")).isEqualTo("looking");
    docker().ok("stop", "-t", "0", "checked");
    String ended = inspect("checked", "{{json .State.Health}}");
    assertThat(ended).contains("unhealthy");
    TimeUnit.MILLISECONDS.sleep(400);
    assertThat(inspect("checked", "{{json .State.Health}}")).isEqualTo(ended);
    String events =
        docker()
            .ok(
                "events",
                "--since",
                "10m",
                "--until",
                Long.toString(System.currentTimeMillis() / 1000 + 1),
                "--filter",
                "container=checked",
                "--format",
                "{{.Action}}");
    assertThat(events.lines().filter(line -> line.startsWith("health_status")))
        .containsExactly("health_status: unhealthy", "health_status: healthy");
    assertThat(events).contains("exec_create: /bin/sh -c echo looking; test -f /ok");
  }

  @Test
  void killsACheckThatTakesTooLong() throws Exception {
    run(
        "slow",
        "--health-cmd",
        "echo begun; sleep 100",
        "--health-interval",
        "50ms",
        "--health-timeout",
        "200ms",
        "--health-retries",
        "1",
        "busybox",
        "sleep",
        "1000");
    await("slow", "{{.State.Health.Status}}", "unhealthy");
    assertThat(inspect("slow", "{{(index .State.Health.Log 0).Output}}"))
        .startsWith("Health check exceeded timeout (200ms)");
    run("none", "--no-healthcheck", "busybox", "sleep", "1000");
    assertThat(inspect("none", "{{.State.Health}}")).isEqualTo("<nil>");
  }

  @Test
  void tellsThatMemoryRanOut() throws Exception {
    Result result =
        docker()
            .run(
                "run",
                "--name",
                "bomb",
                "--network",
                "none",
                "-m",
                "20m",
                "busybox",
                "sh",
                "-c",
                "x=aaaaaaaa; while true; do x=$x$x; done");
    assertThat(result.code()).isEqualTo(137);
    assertThat(inspect("bomb", "{{.State.OOMKilled}} {{.State.ExitCode}}")).isEqualTo("true 137");
    docker().ok("update", "-m", "0", "--restart", "no", "bomb");
  }
}
