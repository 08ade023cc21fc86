package io.slipway.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.runtime.container.ContainerIo.Input;
import io.slipway.runtime.container.ContainerIo.Output;
import io.slipway.runtime.spec.ContainerDefaults;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.ProcessSpec;
import io.slipway.runtime.spec.TerminalSize;
import io.slipway.runtime.spec.UserSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Streams, terminals, signals and execs of real containers. */
class ProcessIT extends ContainerFixture {
  private static final int SIGTERM = 15;
  private static final int SIGKILL = 9;
  private static final int SIGUSR1 = 10;

  @Test
  void inputIsPipedAndEnds() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RunningContainer container =
        containers.start(
            spec("cat"), overlay(), ContainerIo.output(out, out).withInput(new Input.Pipe()))) {
      OutputStream in = container.stdin();
      in.write("one\n".getBytes(StandardCharsets.UTF_8));
      await(() -> out.toString().equals("one\n"));
      in.write("two\n".getBytes(StandardCharsets.UTF_8));
      in.close();
      assertThat(container.waitFor()).isEqualTo(ExitStatus.exited(0));
      assertThat(out.toString()).isEqualTo("one\ntwo\n");
      assertThatThrownBy(() -> in.write(1)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void inputIsCopiedFromAStream() throws Exception {
    byte[] text = "x".repeat(3_000_000).getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ContainerIo io =
        ContainerIo.output(out, out).withInput(new Input.From(new ByteArrayInputStream(text)));
    try (RunningContainer container = containers.start(spec("wc", "-c"), overlay(), io)) {
      container.waitFor();
    }
    assertThat(out.toString().strip()).isEqualTo("3000000");
  }

  @Test
  void aProcessThatDoesNotReadBlocksOnlyItsWriter() throws Exception {
    try (RunningContainer container =
        containers.start(
            spec("sleep", "100"), overlay(), ContainerIo.NONE.withInput(new Input.Pipe()))) {
      List<Thread> writers = new java.util.ArrayList<>();
      for (int i = 0; i < 8; i++) {
        writers.add(
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    container.stdin().write(new byte[1 << 20]);
                  } catch (IOException e) {
                    // The container is killed below: a broken pipe is what is expected.
                  }
                }));
      }
      // With the carriers of the virtual threads held in the kernel, this one would never run.
      assertThat(Thread.ofVirtual().start(() -> {}).join(Duration.ofSeconds(5))).isTrue();
      container.signal(SIGKILL);
      for (Thread writer : writers) {
        assertThat(writer.join(Duration.ofSeconds(5))).isTrue();
      }
    }
  }

  @Test
  void muchOutputArrivesWhole() throws Exception {
    long size = 50L << 20;
    long[] counted = new long[1];
    OutputStream counter =
        new OutputStream() {
          @Override
          public void write(int b) {
            counted[0]++;
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            counted[0] += length;
          }
        };
    try (RunningContainer container =
        containers.start(
            spec("head", "-c", Long.toString(size), "/dev/zero"),
            overlay(),
            ContainerIo.output(counter, counter))) {
      assertThat(container.waitFor()).isEqualTo(ExitStatus.exited(0));
    }
    assertThat(counted[0]).isEqualTo(size);
  }

  @Test
  void aSinkThatFailsBreaksThePipe() throws Exception {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("disk full");
          }
        };
    try (RunningContainer container =
        containers.start(
            spec("yes"),
            overlay(),
            new ContainerIo(new Input.Empty(), new Output.To(broken), new Output.Discard()))) {
      assertThat(container.waitFor().code()).isNotZero();
    }
  }

  @Test
  void signalsReachTheFirstProcess() throws Exception {
    ContainerSpec trapping =
        spec(
            "sh",
            "-c",
            "trap 'echo usr1' USR1; trap 'exit 3' TERM; echo ready;"
                + " while true; do sleep 0.05; done");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RunningContainer container =
        containers.start(trapping, overlay(), ContainerIo.output(out, out))) {
      await(() -> out.toString().contains("ready"));
      assertThat(container.signal(SIGUSR1)).isTrue();
      await(() -> out.toString().contains("usr1"));
      container.signal(SIGTERM);
      assertThat(container.waitFor()).isEqualTo(ExitStatus.exited(3));
      assertThat(container.signal(SIGTERM)).isFalse();
    }
    try (RunningContainer container =
        containers.start(spec("sleep", "100"), overlay(), ContainerIo.NONE)) {
      container.signal(SIGKILL);
      assertThat(container.waitFor()).isEqualTo(ExitStatus.signaled(SIGKILL));
    }
  }

  @Test
  void pausedContainersStandStill() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RunningContainer container =
        containers.start(
            spec("sh", "-c", "while true; do echo x; sleep 0.01; done"),
            overlay(),
            ContainerIo.output(out, out))) {
      await(() -> out.size() > 0);
      container.setPaused(true);
      Thread.sleep(50);
      int before = out.size();
      Thread.sleep(200);
      assertThat(out.size()).isEqualTo(before);
      assertThatThrownBy(
              () -> container.exec(ContainerDefaults.process(List.of("true")), ContainerIo.NONE))
          .hasMessageContaining("is paused");
      container.setPaused(false);
      await(() -> out.size() > before);
      container.setPaused(true);
    } // closing kills also what is frozen
  }

  @Test
  void aTerminalHasSizeNameAndControl() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ContainerSpec spec =
        spec("x")
            .with(b ->
                b.process(
                    ContainerDefaults.process(
                            List.of(
                                "sh",
                                "-c",
                                "tty; stty size; test -c /dev/console && echo"
                                    + " console; echo ready; read x; stty size; echo got $x;"
                                    + " cat; echo interrupted $?; sleep 100"))
                        .with(p -> p.terminal(Optional.of(new TerminalSize(80, 24))))));
    try (RunningContainer container =
        containers.start(
            spec, overlay(), ContainerIo.output(out, out).withInput(new Input.Pipe()))) {
      await(() -> out.toString().contains("ready"));
      assertThat(out.toString()).startsWith("/dev/pts/0\r\n24 80\r\nconsole\r\n");
      container.resize(new TerminalSize(132, 50));
      container.stdin().write("text\r".getBytes(StandardCharsets.UTF_8));
      await(() -> out.toString().contains("got text"));
      assertThat(out.toString()).contains("50 132");
      container.stdin().write(3);
      assertThat(container.waitFor().code()).isEqualTo(130);
      container.resize(new TerminalSize(10, 10)); // too late: nothing to tell, nothing to fail
    }
  }

  @Test
  void execJoinsEverything() throws Exception {
    try (RunningContainer container =
        containers.start(
            spec("sh", "-c", "echo secret > /dev/shm/f; hostname; sleep 100"),
            overlay(),
            ContainerIo.NONE)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ProcessSpec exec =
          ContainerDefaults.process(
                  List.of(
                      "sh",
                      "-c",
                      "cat /dev/shm/f; id -un; pwd; echo $HOME; grep -E 'CapBnd|Seccomp:'"
                          + " /proc/self/status; cat /proc/self/cgroup; exit 5"))
              .with(p -> p.user(UserSpec.of("app")).cwd("/tmp"));
      RunningProcess process = container.exec(exec, ContainerIo.output(out, out));
      assertThat(process.waitFor()).isEqualTo(ExitStatus.exited(5));
      List<String> lines = out.toString().lines().toList();
      assertThat(lines.subList(0, 6))
          .containsExactly(
              "secret", "app", "/tmp", "/home/app", "CapBnd:\t00000000a80425fb", "Seccomp:\t2");
      assertThat(lines.subList(6, lines.size())).allMatch(l -> l.endsWith(":/"));
      for (String ns : List.of("mnt", "uts", "ipc", "pid", "net", "cgroup")) {
        assertThat(exec(container, "readlink /proc/self/ns/" + ns))
            .isEqualTo(exec(container, "readlink /proc/1/ns/" + ns));
      }
    }
  }

  @Test
  void execHasTerminalsOfItsOwn() throws Exception {
    try (RunningContainer container =
        containers.start(spec("sleep", "100"), overlay(), ContainerIo.NONE)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ProcessSpec tty =
          ContainerDefaults.process(List.of("sh", "-c", "tty; stty size; read x"))
              .with(p -> p.terminal(Optional.of(new TerminalSize(70, 20))));
      ContainerIo io = ContainerIo.output(out, out).withInput(new Input.Pipe());
      RunningProcess first = container.exec(tty, io);
      await(() -> out.toString().contains("20 70"));
      RunningProcess second = container.exec(tty, io);
      await(() -> out.toString().contains("/dev/pts/1"));
      assertThat(out.toString()).contains("/dev/pts/0");
      first.stdin().write('\r');
      second.stdin().write('\r');
      assertThat(first.waitFor().code()).isZero();
      assertThat(second.waitFor().code()).isZero();
    }
  }

  @Test
  void execErrorsAreTold() throws Exception {
    RunningContainer container =
        containers.start(spec("sleep", "100"), overlay(), ContainerIo.NONE);
    try (container) {
      assertThatThrownBy(
              () -> container.exec(ContainerDefaults.process(List.of("nosuch")), ContainerIo.NONE))
          .isInstanceOfSatisfying(
              ContainerStartException.class, e -> assertThat(e.exitCode()).isEqualTo(127))
          .hasMessage("exec: \"nosuch\": executable file not found in $PATH");
      assertThatThrownBy(() ->
              container.exec(
                  ContainerDefaults.process(List.of("true")).with(p -> p.cwd("/nosuch")),
                  ContainerIo.NONE))
          .hasMessage("chdir to cwd (\"/nosuch\") failed: no such file or directory");
    }
    assertThatThrownBy(
            () -> container.exec(ContainerDefaults.process(List.of("true")), ContainerIo.NONE))
        .hasMessageContaining("is not running");
  }

  @Test
  void everythingDiesWithTheFirstProcess() throws Exception {
    try (RunningContainer container =
        containers.start(
            spec("sh", "-c", "sleep 1234 & read x"),
            overlay(),
            ContainerIo.NONE.withInput(new Input.Pipe()))) {
      RunningProcess exec =
          container.exec(ContainerDefaults.process(List.of("sleep", "1234")), ContainerIo.NONE);
      container.stdin().close();
      container.waitFor();
      assertThat(exec.exit().get(5, TimeUnit.SECONDS)).isEqualTo(ExitStatus.signaled(SIGKILL));
      await(() -> container.cgroup().pids().isEmpty());
    }
  }

  @Test
  void aGrandchildThatKeepsTheOutputIsNotWaitedForLong() throws Exception {
    try (RunningContainer container =
        containers.start(spec("sleep", "100"), overlay(), ContainerIo.NONE)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      long start = System.nanoTime();
      RunningProcess exec =
          container.exec(
              ContainerDefaults.process(List.of("sh", "-c", "echo hi; sleep 50 &")),
              ContainerIo.output(out, out));
      assertThat(exec.waitFor().code()).isZero();
      assertThat(out.toString()).isEqualTo("hi\n");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
  }

  private static String exec(RunningContainer container, String script) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    container
        .exec(ContainerDefaults.process(List.of("sh", "-c", script)), ContainerIo.output(out, out))
        .waitFor();
    return out.toString();
  }
}
