package io.slipway.runtime.process;

import static io.slipway.runtime.process.Arg.number;
import static io.slipway.runtime.process.Arg.text;
import static io.slipway.runtime.process.Arg.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.runtime.linux.Arch;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.ProcessCalls.Ended;
import io.slipway.runtime.linux.SystemCall;
import io.slipway.runtime.process.ProcessLauncher.Launched;
import io.slipway.runtime.process.ProcessPrograms.CloneOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Makes plain processes, which needs no root; namespaces are tested with whole containers. */
class ProcessLauncherTest {
  private static final CloneOptions PLAIN = new CloneOptions(0, Optional.empty(), Optional.empty());

  private ProcessLauncher launcher;
  private PidFdReaper reaper;
  private ExecutorService threads;

  @BeforeEach
  void open() throws IOException {
    launcher = new ProcessLauncher(2);
    threads = Executors.newCachedThreadPool();
    reaper = new PidFdReaper(threads);
  }

  @AfterEach
  void close() {
    reaper.close();
    launcher.close();
    threads.close();
  }

  @Test
  void interpreterHasTheDocumentedSize() {
    assertThat(NativeCode.bytes(Arch.X86_64)).hasSize(85);
    assertThat(NativeCode.bytes(Arch.AARCH64)).hasSize(72);
  }

  @Test
  void exitCodesAndSignalsComeBack() throws Exception {
    assertThat(run(shell("exit 7"))).isEqualTo(new Ended(false, 7));
    assertThat(run(shell("kill -TERM $$"))).isEqualTo(new Ended(true, 15));
  }

  @Test
  void theChildStartsWithoutBlockedSignals() throws Exception {
    assertThat(output("grep SigBlk /proc/self/status")).contains("0000000000000000");
  }

  @Test
  void aFailedStepIsReportedByNameAndLeavesNoChild() {
    SyscallProgram program =
        ProcessPrograms.process(
            PLAIN,
            p -> {
              p.call("may fail", SystemCall.CHDIR, text("/nosuch")).mayFail();
              p.call("change to /also/missing", SystemCall.CHDIR, text("/also/missing"));
              p.call("never reached", SystemCall.CHDIR, text("/nosuch"));
            });
    assertThatThrownBy(() -> launcher.launch(program, Map.of()))
        .hasMessage("change to /also/missing: chdir: no such file or directory")
        .isInstanceOfSatisfying(
            ProgramFailedException.class,
            e -> {
              assertThat(e.fatal().errno()).isEqualTo(Errno.ENOENT);
              assertThat(e.refused()).hasSize(2);
            });
    assertThat(ProcessHandle.current().children()).isEmpty();
  }

  @Test
  void resultsBecomeArgumentsAndBranchesSkip() throws Exception {
    SyscallProgram program =
        ProcessPrograms.process(
            PLAIN,
            p -> {
              Arg.Slot file =
                  p.call(
                          "open",
                          SystemCall.OPENAT,
                          number(OpenFlags.AT_FDCWD),
                          text("/"),
                          number(OpenFlags.O_PATH))
                      .result("file");
              p.call("enter", SystemCall.FCHDIR, file);
              ProgramBuilder.Label skip = new ProgramBuilder.Label();
              p.call("look", SystemCall.CHDIR, text("/proc")).onSuccess(skip);
              p.call("never reached", SystemCall.CHDIR, text("/nosuch"));
              p.bind(skip);
              shell("test $(pwd) = /proc").accept(p);
            });
    assertThat(program.print())
        .contains("$file = openat(-100, \"/\", 0x200000)")
        .contains("fchdir($file)")
        .contains("chdir(\"/proc\")  ok->7");
    assertThat(run(program)).isEqualTo(new Ended(false, 0));
  }

  @Test
  void manyStartsLeaveNoDescriptor() throws Exception {
    run(shell("exit 0"));
    long before = openDescriptors();
    for (int i = 0; i < 100; i++) {
      assertThat(run(shell("exit " + i))).isEqualTo(new Ended(false, i));
    }
    assertThat(openDescriptors()).isEqualTo(before);
  }

  @Test
  void programsAreSearchedAsAShellDoes() {
    assertThat(ProgramSearch.candidates("sh", "/bin::/usr/bin:/bin"))
        .containsExactly("/bin/sh", "./sh", "/usr/bin/sh");
    assertThat(ProgramSearch.candidates("./sh", "/bin")).containsExactly("./sh");
    assertThat(ProgramSearch.candidates("sh", "")).isEmpty();
    assertThat(ProgramSearch.candidates("", "/bin")).isEmpty();
  }

  private static long openDescriptors() {
    return new java.io.File("/proc/self/fd").list().length;
  }

  private String output(String script) throws Exception {
    FileCalls.Pipe pipe = FileCalls.pipe(0);
    SyscallProgram program =
        ProcessPrograms.process(
            PLAIN,
            p -> {
              p.call("stdout", SystemCall.DUP3, Arg.handle("out"), number(1), number(0));
              shell(script).accept(p);
            });
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Launched child = launcher.launch(program, Map.of("out", pipe.writeEnd()));
    pipe.writeEnd().close();
    OutputPump pump = OutputPump.plain(pipe.readEnd(), bytes);
    threads.execute(pump);
    pump.done().get(10, TimeUnit.SECONDS);
    wait(child);
    return bytes.toString();
  }

  private Ended run(Consumer<ProgramBuilder> child) throws Exception {
    return run(ProcessPrograms.process(PLAIN, child));
  }

  private Ended run(SyscallProgram program) throws Exception {
    return wait(launcher.launch(program, Map.of()));
  }

  private Ended wait(Launched child) throws Exception {
    try (Fd pidFd = child.pidFd()) {
      return reaper.watch(pidFd).get(10, TimeUnit.SECONDS);
    }
  }

  private static Consumer<ProgramBuilder> shell(String script) {
    return p -> {
      p.call(
          "unblock signals",
          SystemCall.RT_SIGPROCMASK,
          number(2),
          Arg.words(0L),
          number(0),
          number(8));
      p.call(
          "exec",
          SystemCall.EXECVE,
          text("/bin/sh"),
          vector(List.of("sh", "-c", script)),
          vector(List.of("PATH=/usr/bin:/bin")));
    };
  }
}
