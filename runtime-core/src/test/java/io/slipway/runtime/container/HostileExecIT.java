package io.slipway.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.spec.ContainerDefaults;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.MountSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Containers that run already and wait for the daemon to come in. */
class HostileExecIT extends ContainerFixture {
  private static final int PR_GET_DUMPABLE = 3;
  private static final int EXECS = 150;
  private static final int RACES = 150;
  private Path host;

  @BeforeEach
  void makeImageAndBait() throws IOException {
    root = BusyboxRoot.make(folder.resolve("image"));
    host = Files.createDirectories(folder.resolve("host"));
    Files.writeString(host.resolve("bait"), "untouched");
  }

  private static RunningContainer start(ContainerSpec spec, RootFilesystem rootfs)
      throws IOException {
    return containers.start(spec, rootfs, ContainerIo.NONE);
  }

  private static String exec(RunningContainer container, String cwd, String... args)
      throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    container
        .exec(
            ContainerDefaults.process(List.of(args)).with(p -> p.cwd(cwd)),
            ContainerIo.output(out, out))
        .waitFor();
    return out.toString();
  }

  /**
   * CVE-2019-5736: the exec'ed program is the runtime itself, by a link or as the interpreter of a
   * script, and the container then writes to it.
   */
  @Test
  void theDaemonsProgramCannotBeEntered() throws Exception {
    Files.createSymbolicLink(root.resolve("bin/link"), Path.of("/proc/self/exe"));
    Path script = root.resolve("bin/script");
    Files.writeString(script, "#!/proc/self/exe\n");
    script.toFile().setExecutable(true);
    try (RunningContainer container = start(spec("sleep", "1000"), overlay())) {
      for (String program : List.of("link", "script", "/proc/self/exe", "/bin/script")) {
        assertThatThrownBy(() -> exec(container, "/", program))
            .as(program)
            .isInstanceOf(ContainerStartException.class);
      }
    }
  }

  /** While it becomes the exec'ed process, the daemon's child is visible to the container. */
  @Test
  void aProcessInTheMakingShowsNothing() throws Exception {
    assertThat(ProcessCalls.prctl(PR_GET_DUMPABLE, 0, 0, 0, 0))
        .as("what shares the daemon's memory can be traced by nobody without the right")
        .isZero();
    String spy =
        "while :; do for p in /proc/[0-9]*; do readlink $p/exe; readlink $p/cwd; ls -l $p/fd;"
            + " head -c 1 $p/mem; done >>/seen 2>/dev/null; done";
    String java = ProcessHandle.current().info().command().orElseThrow();
    try (RunningContainer container = start(spec("sh", "-c", spy), overlay())) {
      for (int i = 0; i < EXECS; i++) {
        exec(container, "/", "true");
      }
      // long enough for the spy to come round
      exec(container, "/", "sleep", "1");
      String seen = exec(container, "/", "cat", "/seen");
      assertThat(seen).contains("/bin/sleep").doesNotContain(java, folder.toString());
    }
  }

  /** CVE-2024-21626: a working directory by a descriptor of the runtime. */
  @Test
  void noExecWorksInADirectoryOfTheHost() throws Exception {
    try (Fd open = FileCalls.open(host, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, 0)) {
      Files.createSymbolicLink(root.resolve("leak"), Path.of("/proc/self/fd/" + open.number()));
      try (RunningContainer container = start(spec("sleep", "1000"), overlay())) {
        List<String> directories =
            List.of("/leak", "/leak/..", "/proc/self/fd/" + open.number(), "/proc/1/cwd/leak");
        for (String directory : directories) {
          assertThatThrownBy(() -> exec(container, directory, "cat", "bait"))
              .as(directory)
              .isInstanceOf(ContainerStartException.class);
        }
        // every number that could be one
        for (int number = 3; number < 40; number++) {
          String directory = "/proc/self/fd/" + number;
          assertThatThrownBy(() -> exec(container, directory, "pwd"))
              .as(directory)
              .isInstanceOf(ContainerStartException.class);
        }
      }
    }
  }

  @Test
  void noDescriptorIsLeftInAnExec() throws Exception {
    try (RunningContainer container = start(spec("sleep", "1000"), overlay())) {
      assertThat(exec(container, "/", "ls", "/proc/self/fd").split("\n"))
          .containsExactly("0", "1", "2", "3"); // the last one is the list itself
      assertThat(exec(container, "/", "ls", "/proc/1/fd").split("\n"))
          .containsExactly("0", "1", "2");
    }
  }

  /**
   * CVE-2021-30465: one container swaps a directory of a shared volume with a link to the host
   * while another one's mount is put there.
   */
  @Test
  void aMountInASharedVolumeStaysInTheContainer() throws Exception {
    Path volume = Files.createDirectories(folder.resolve("volume"));
    Path inner = Files.createDirectories(folder.resolve("inner"));
    Files.writeString(inner.resolve("mark"), "");
    Path place = volume.resolve("place");
    Path link = Files.createSymbolicLink(volume.resolve("link"), Path.of("/../../../.." + host));
    Files.createDirectory(place);
    String before = Files.readString(Path.of("/proc/self/mountinfo"));
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Integer> swaps = CompletableFuture.supplyAsync(() -> swap(place, link, done));
    try {
      for (int i = 0; i < RACES; i++) {
        List<MountSpec> mounts = new ArrayList<>(spec("x").mounts());
        mounts.add(MountSpec.Bind.of(volume, "/data"));
        mounts.add(MountSpec.Bind.of(inner, "/data/place/below"));
        ContainerSpec spec = spec("sh", "-c", "cat " + host + "/bait").with(b -> b.mounts(mounts));
        try {
          assertThat(run(spec).out()).doesNotContain("untouched");
        } catch (IOException lostTheRace) {
          assertThat(lostTheRace).hasMessageContaining("/data/place");
        }
        assertThat(host.toFile().list()).containsExactly("bait");
      }
    } finally {
      done.set(true);
      assertThat(swaps.join()).isGreaterThan(RACES);
    }
    assertThat(Files.readString(Path.of("/proc/self/mountinfo")).lines().toList())
        .filteredOn(line -> line.contains(folder.toString()))
        .isEqualTo(before.lines().filter(line -> line.contains(folder.toString())).toList());
  }

  private static int swap(Path place, Path link, AtomicBoolean done) {
    int swaps = 0;
    Path third = place.resolveSibling("third");
    while (!done.get()) {
      try {
        putBack(place, link, third);
        Files.move(place, third, StandardCopyOption.ATOMIC_MOVE);
        Files.move(link, place, StandardCopyOption.ATOMIC_MOVE);
        Files.move(place, link, StandardCopyOption.ATOMIC_MOVE);
        Files.move(third, place, StandardCopyOption.ATOMIC_MOVE);
        swaps++;
      } catch (IOException e) {
        // The container made the directory while it was away: once more from the start.
        continue;
      }
    }
    return swaps;
  }

  private static void putBack(Path place, Path link, Path third) throws IOException {
    if (Files.isSymbolicLink(place)) {
      Files.move(place, link, StandardCopyOption.ATOMIC_MOVE);
    }
    if (Files.exists(third)) {
      Files.deleteIfExists(place.resolve("below"));
      Files.deleteIfExists(place);
      Files.move(third, place, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
