package io.slipway.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.spec.ContainerDefaults;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.MountSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Images that try to get at the host while their container is made. */
class HostileImageIT extends ContainerFixture {
  private Path host;

  @BeforeEach
  void makeImageAndBait() throws IOException {
    root = BusyboxRoot.make(folder.resolve("image"));
    host = Files.createDirectories(folder.resolve("host"));
    Files.writeString(host.resolve("bait"), "untouched");
  }

  @Test
  void kernelDirectoriesThatAreLinksAreRefused() throws Exception {
    for (String name : List.of("proc", "sys", "dev")) {
      Files.deleteIfExists(root.resolve(name));
      Files.createSymbolicLink(root.resolve(name), Path.of("/tmp"));
      assertThatThrownBy(() -> containers.start(spec("true"), overlay(), ContainerIo.NONE))
          .hasMessageContaining(" on /" + name + ": too many levels of symbolic links");
      Files.delete(root.resolve(name));
      Files.createDirectory(root.resolve(name));
    }
  }

  @Test
  void linksStayInsideTheContainer() throws Exception {
    // Every way up ends at the container's own root.
    Files.createSymbolicLink(root.resolve("data"), Path.of("/../../../.." + host));
    Files.writeString(folder.resolve("volume"), "from the host");
    ContainerSpec spec =
        withMount(
            spec("sh", "-c", "cat " + host + "/file; ls " + host),
            MountSpec.Bind.of(folder.resolve("volume"), "/data/file"));
    Result result = run(spec);
    assertThat(result.out()).isEqualTo("from the hostfile\n");
    assertThat(host.toFile().list()).containsExactly("bait");
  }

  @Test
  void etcAsALinkIsFollowedInside() throws Exception {
    Files.move(root.resolve("etc"), root.resolve("conf"));
    Files.createSymbolicLink(root.resolve("etc"), Path.of("/conf"));
    Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n");
    ContainerSpec spec =
        withMount(
            spec("cat", "/conf/hosts"), MountSpec.Bind.of(folder.resolve("hosts"), "/etc/hosts"));
    assertThat(run(spec).out()).isEqualTo("127.0.0.1 localhost\n");
  }

  @Test
  void aLinkToNothingIsMadeInside() throws Exception {
    Files.createSymbolicLink(
        root.resolve("etc/resolv.conf"), Path.of("../run/systemd/./resolve/stub.conf"));
    Files.writeString(folder.resolve("resolv.conf"), "nameserver 192.0.2.1\n");
    ContainerSpec spec =
        withMount(
            spec("cat", "/etc/resolv.conf"),
            MountSpec.Bind.of(folder.resolve("resolv.conf"), "/etc/resolv.conf"));
    assertThat(run(spec).out()).isEqualTo("nameserver 192.0.2.1\n");
  }

  @Test
  void aVolumeBehindALinkToProcDoesNotCoverProc() throws Exception {
    Files.createSymbolicLink(root.resolve("data"), Path.of("/proc/sys"));
    Files.createDirectories(folder.resolve("volume"));
    ContainerSpec spec =
        withMount(
            spec("cat", "/proc/sys/kernel/ostype"),
            MountSpec.Bind.of(folder.resolve("volume"), "/data"));
    assertThat(run(spec).out()).isEqualTo("Linux\n");
  }

  /** The half-made process has the daemon's descriptors; an image guesses their numbers. */
  @Test
  void descriptorsOfTheDaemonCannotBeNamed() throws Exception {
    FileTime before = Files.getLastModifiedTime(host);
    try (Fd open = FileCalls.open(host, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, 0)) {
      Files.createSymbolicLink(root.resolve("leak"), Path.of("/proc/self/fd/" + open.number()));
      Files.createDirectories(folder.resolve("volume"));
      ContainerSpec volume =
          withMount(spec("true"), MountSpec.Bind.of(folder.resolve("volume"), "/leak/volume"));
      assertThat(run(volume).code()).isZero(); // mounted in the image, where /proc covers it
      for (String cwd : List.of("/leak", "/leak/sub", "/proc/self/fd/" + open.number())) {
        ContainerSpec spec =
            spec("x")
                .with(b ->
                    b.process(
                        ContainerDefaults.process(List.of("sh", "-c", "cat bait"))
                            .with(p -> p.cwd(cwd))));
        assertThatThrownBy(() -> containers.start(spec, overlay(), ContainerIo.NONE))
            .isInstanceOf(ContainerStartException.class);
      }
    }
    assertThat(host.toFile().list()).containsExactly("bait");
    assertThat(Files.getLastModifiedTime(host)).isEqualTo(before);
  }

  @Test
  void theDaemonsProgramCannotBeRunByALink() throws Exception {
    Files.createSymbolicLink(root.resolve("bin/evil"), Path.of("/proc/self/exe"));
    for (String program : List.of("evil", "/bin/evil", "/proc/self/exe")) {
      assertThatThrownBy(() -> containers.start(spec(program), overlay(), ContainerIo.NONE))
          .isInstanceOf(ContainerStartException.class);
    }
  }

  @Test
  void passwdFilesThatAreNoFilesAreIgnored() throws Exception {
    Files.delete(root.resolve("etc/passwd"));
    Files.delete(root.resolve("etc/group"));
    Files.createSymbolicLink(root.resolve("etc/passwd"), Path.of("/../../../../../etc/passwd"));
    io.slipway.runtime.linux.TreeCalls.makeNode(
        OpenFlags.AT_FDCWD,
        root.resolve("etc/group").toString(),
        io.slipway.runtime.linux.FileStatus.S_IFIFO | 0644,
        0);
    assertThat(shell("id -u").out()).isEqualTo("0\n");
  }

  @Test
  void theHostsFilesAreGone() throws Exception {
    Result result =
        shell(
            "cd /..; ls; ls /proc/1/root/; cat "
                + host.resolve("bait")
                + "; cat /proc/1/root"
                + host.resolve("bait"));
    assertThat(result.out()).doesNotContain("untouched");
    assertThat(result.lines()).contains("bin", "etc").doesNotContain("work", "boot");
  }

  @Test
  void noDescriptorIsLeftInTheProgram() throws Exception {
    assertThat(shell("ls -l /proc/self/fd | wc -l").out()).isEqualTo("5\n"); // total, 0, 1, 2, dir
  }

  private static ContainerSpec withMount(ContainerSpec spec, MountSpec mount) {
    List<MountSpec> mounts = new ArrayList<>(spec.mounts());
    mounts.add(mount);
    return spec.with(b -> b.mounts(mounts));
  }
}
