package io.slipway.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.runtime.container.ContainerIo.Input;
import io.slipway.runtime.container.ContainerIo.Output;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.MountCalls;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.OverlayMount;
import io.slipway.runtime.spec.ContainerDefaults;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.MountOption;
import io.slipway.runtime.spec.MountSpec;
import io.slipway.runtime.spec.Namespaces;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Volumes, root file systems and files given to a container. */
class MountIT extends ContainerFixture {

  @Test
  void volumesAreShared() throws Exception {
    Path volume = Files.createDirectories(folder.resolve("volume"));
    Files.writeString(volume.resolve("in"), "given");
    ContainerSpec spec =
        withMounts(
            spec("sh", "-c", "cat /data/in; echo made > /data/out"),
            MountSpec.Bind.of(volume, "/data"));
    assertThat(run(spec).out()).isEqualTo("given");
    assertThat(volume.resolve("out")).hasContent("made");
  }

  @Test
  void readOnlyVolumesAreSoWithEverythingBelow() throws Exception {
    Path volume = Files.createDirectories(folder.resolve("volume"));
    Path below = Files.createDirectories(volume.resolve("below"));
    MountCalls.mount("tmpfs", below, "tmpfs", 0, "size=64k");
    try {
      ContainerSpec spec =
          withMounts(
              spec("sh", "-c", "touch /data/x; touch /data/below/x; mount | grep -c ' /data'"),
              MountSpec.Bind.readOnly(volume, "/data"));
      Result result = run(spec);
      assertThat(result.err().lines().filter(l -> l.contains("Read-only file system"))).hasSize(2);
      assertThat(result.out()).isEqualTo("2\n");
      assertThat(below.toFile().canWrite()).isTrue();
    } finally {
      MountCalls.unmount(below, 0);
    }
  }

  @Test
  void optionsAndMemoryFileSystems() throws Exception {
    Path volume = Files.createDirectories(folder.resolve("volume"));
    ContainerSpec spec =
        withMounts(
            spec("grep", "-E", " /(data|mem|data/in) ", "/proc/self/mounts"),
            new MountSpec.Bind(
                volume,
                "/data",
                Set.of(MountOption.NOEXEC, MountOption.NOSUID),
                false,
                MountSpec.Propagation.PRIVATE),
            new MountSpec.Tmpfs("/mem", Set.of(MountOption.NODEV), "size=128k,mode=700"),
            new MountSpec.Tmpfs("/data/in", Set.of(), ""));
    List<String> lines = run(spec).lines();
    assertThat(lines.get(0)).contains(" /data ").contains("rw,nosuid,noexec");
    assertThat(lines.get(1)).startsWith("tmpfs /mem tmpfs rw,nodev").contains("size=128k,mode=700");
    assertThat(lines.get(2)).startsWith("tmpfs /data/in tmpfs rw");
  }

  @Test
  void singleFilesAreMounted() throws Exception {
    Path hosts = folder.resolve("hosts");
    Files.writeString(hosts, "first\n");
    ContainerSpec spec =
        withMounts(
            spec("sh", "-c", "cat /etc/hosts; echo second >> /etc/hosts"),
            MountSpec.Bind.of(hosts, "/etc/hosts"));
    assertThat(run(spec).out()).isEqualTo("first\n");
    assertThat(hosts).hasContent("first\nsecond");
    assertThat(root.resolve("etc/hosts")).doesNotExist();
  }

  @Test
  void theRootStaysReadableForTheDaemon() throws Exception {
    try (RunningContainer container =
        containers.start(spec("sh", "-c", "echo made > /tmp/file"), overlay(), ContainerIo.NONE)) {
      container.waitFor();
      try (Fd file =
          FileCalls.openAt2(
              container.rootfs(), "/tmp/file", OpenFlags.O_RDONLY, 0, OpenFlags.RESOLVE_IN_ROOT)) {
        assertThat(file.path()).hasContent("made");
      }
    }
  }

  @Test
  void aMountMadeBeforeServesSeveralContainers() throws Exception {
    Path upper = Files.createDirectories(folder.resolve("upper"));
    Path work = Files.createDirectories(folder.resolve("work"));
    OverlayMount overlay =
        new OverlayMount(List.of(root), Optional.of(new OverlayMount.Writable(upper, work, true)));
    try (Fd mount = overlay.mount()) {
      RootFilesystem rootfs = new RootFilesystem.Mounted(mount);
      for (int i = 1; i <= 3; i++) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (RunningContainer container =
            containers.start(
                spec("sh", "-c", "echo x >> /tmp/log; wc -l < /tmp/log"),
                rootfs,
                ContainerIo.output(out, out))) {
          container.waitFor();
        }
        assertThat(out.toString()).isEqualTo(i + "\n");
      }
      assertThat(mount.path().resolve("tmp/log")).hasContent("x\nx\nx");
    }
  }

  @Test
  void aDirectoryIsARootToo() throws Exception {
    Path copy = BusyboxRoot.make(folder.resolve("copy"));
    try (RunningContainer container =
        containers.start(
            spec("touch", "/made"), new RootFilesystem.Directory(copy), ContainerIo.NONE)) {
      assertThat(container.waitFor().code()).isZero();
    }
    assertThat(copy.resolve("made")).exists();
  }

  @Test
  void openFilesArePassedOn() throws Exception {
    Path in = folder.resolve("in");
    Path out = folder.resolve("out");
    Files.writeString(in, "text");
    try (Fd from = FileCalls.open(in, OpenFlags.O_RDONLY, 0);
        Fd to = FileCalls.open(out, OpenFlags.O_WRONLY | OpenFlags.O_CREAT, 0600)) {
      ContainerIo io =
          new ContainerIo(new Input.Inherit(from), new Output.Inherit(to), new Output.Discard());
      try (RunningContainer container = containers.start(spec("cat"), overlay(), io)) {
        container.waitFor();
      }
    }
    assertThat(out).hasContent("text");
  }

  @Test
  void anInitReapsOrphans() throws Exception {
    Result result =
        shell(
            "sh -c 'sleep 0.05 &'; sleep 0.2; cat /proc/1/comm; echo $$; grep -l 'State:.Z' /proc/[0-9]*/status | wc -l",
            b -> b.initBinary(Optional.of(Path.of("/usr/bin/tini-static"))));
    assertThat(result.lines()).startsWith("docker-init").endsWith("0");
    assertThat(result.lines().get(1)).isNotEqualTo("1");
  }

  @Test
  void execWorksInTheHostsPidNamespace() throws Exception {
    ContainerSpec spec =
        spec("sh", "-c", "sleep 4321 & sleep 4321")
            .with(b -> b.namespaces(Namespaces.PRIVATE.withPid(new Namespaces.Host())));
    try (RunningContainer container = containers.start(spec, overlay(), ContainerIo.NONE)) {
      RunningProcess exec =
          container.exec(ContainerDefaults.process(List.of("true")), ContainerIo.NONE);
      assertThat(exec.waitFor().code()).isZero();
      await(() -> container.cgroup().pids().size() == 2);
      container.signal(9);
      container.waitFor();
      // The others are not in a pid namespace that ends; the cgroup ends them.
      assertThat(container.cgroup().pids()).isEmpty();
    }
  }

  private static ContainerSpec withMounts(ContainerSpec spec, MountSpec... mounts) {
    List<MountSpec> all = new ArrayList<>(spec.mounts());
    all.addAll(List.of(mounts));
    return spec.with(b -> b.mounts(all));
  }
}
