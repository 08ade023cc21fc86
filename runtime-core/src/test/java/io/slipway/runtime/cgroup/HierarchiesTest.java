package io.slipway.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HierarchiesTest {
  @TempDir Path proc;

  private Hierarchies detect(String mountinfo, String cgroup) throws IOException {
    Files.writeString(proc.resolve("mountinfo"), mountinfo);
    Files.writeString(proc.resolve("cgroup"), cgroup);
    return Hierarchies.detect(proc);
  }

  private Path mount(String name) throws IOException {
    return Files.createDirectories(proc.resolve(name));
  }

  @Test
  void findsVersionOneWithCoMountedControllers() throws IOException {
    Hierarchies found =
        detect(
            """
            22 27 0:21 / /proc rw,relatime - proc proc rw
            32 31 0:29 / /cg/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
            35 31 0:32 / /cg/memory rw,relatime master:1 shared:2 - cgroup cgroup rw,memory
            40 31 0:37 / /cg/systemd rw - cgroup cgroup rw,xattr,name=systemd
            """,
            """
            4:memory:/daemon/one
            2:cpu,cpuacct:/
            1:name=systemd:/init.scope
            """);
    assertThat(found.mode()).isEqualTo(CgroupMode.V1);
    assertThat(found.all())
        .extracting(Hierarchy::mountPoint)
        .containsExactly(Path.of("/cg/cpu,cpuacct"), Path.of("/cg/memory"), Path.of("/cg/systemd"));
    assertThat(found.all().get(0).controllers()).containsExactlyInAnyOrder("cpu", "cpuacct");
    assertThat(found.all().get(1).base()).isEqualTo(Path.of("/cg/memory/daemon/one"));
    assertThat(found.all().get(2).controllers()).isEmpty();
    assertThat(found.all().get(2).base()).isEqualTo(Path.of("/cg/systemd/init.scope"));
  }

  @Test
  void findsVersionTwoAndItsControllers() throws IOException {
    Path unified = mount("unified");
    Files.writeString(unified.resolve("cgroup.controllers"), "cpuset cpu io memory pids\n");
    Hierarchies found =
        detect(
            "30 23 0:26 / %s rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
                .formatted(unified),
            "0::/system.slice/slipway.service\n");
    assertThat(found.mode()).isEqualTo(CgroupMode.V2);
    Hierarchy only = found.all().getFirst();
    assertThat(only.controllers())
        .containsExactlyInAnyOrder("cpuset", "cpu", "io", "memory", "pids");
    assertThat(only.base())
        .as("a cgroup with processes cannot have limited children")
        .isEqualTo(unified);
  }

  @Test
  void findsBothAndTakesEachHierarchyOnce() throws IOException {
    Path unified = mount("u");
    Files.writeString(unified.resolve("cgroup.controllers"), "hugetlb\n");
    Hierarchies found =
        detect(
            """
            39 31 0:36 / /cg/pids rw - cgroup cgroup rw,pids
            41 31 0:38 / %s rw - cgroup2 cgroup2 rw
            99 31 0:36 / /elsewhere/pids rw - cgroup cgroup rw,pids
            """
                .formatted(unified),
            "8:pids:/\n0::/\n");
    assertThat(found.mode()).isEqualTo(CgroupMode.HYBRID);
    assertThat(found.mode().version()).isEqualTo("1");
    assertThat(found.all()).hasSize(2);
  }

  /** Inside a container without a cgroup namespace the mount shows only its own part. */
  @Test
  void understandsAMountOfAPart() throws IOException {
    Hierarchies found =
        detect(
            "35 31 0:32 /docker/abc /cg/memory rw - cgroup cgroup rw,memory\n",
            "4:memory:/docker/abc/inner\n");
    assertThat(found.all().getFirst().base()).isEqualTo(Path.of("/cg/memory/inner"));
  }
}
