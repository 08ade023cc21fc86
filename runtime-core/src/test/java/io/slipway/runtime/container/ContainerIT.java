package io.slipway.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.runtime.spec.ContainerDefaults;
import io.slipway.runtime.spec.Namespaces;
import io.slipway.runtime.spec.Rlimit;
import io.slipway.runtime.spec.SeccompMode;
import io.slipway.runtime.spec.UserSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a container sees of itself: Docker's defaults, checked from inside. */
class ContainerIT extends ContainerFixture {

  @Test
  void exitCodesComeBack() throws Exception {
    assertThat(run(spec("true")).code()).isZero();
    assertThat(shell("echo hello; echo oops >&2; exit 7"))
        .isEqualTo(new Result(ExitStatus.exited(7), "hello\n", "oops\n"));
    assertThat(shell("sh -c 'kill -9 $$'; exit $?").code()).isEqualTo(137);
  }

  @Test
  void hasItsOwnNamespaces() throws Exception {
    List<String> names = List.of("mnt", "uts", "ipc", "pid", "net", "cgroup");
    List<String> inside =
        shell("for n in mnt uts ipc pid net cgroup; do readlink /proc/self/ns/$n; done").lines();
    for (int i = 0; i < names.size(); i++) {
      String host = Files.readSymbolicLink(Path.of("/proc/self/ns/" + names.get(i))).toString();
      assertThat(inside.get(i)).startsWith(names.get(i) + ":[").isNotEqualTo(host);
    }
    assertThat(shell("echo $$; ps | wc -l").lines().getFirst()).isEqualTo("1");
  }

  @Test
  void sharesTheHostsNamespacesWhenAsked() throws Exception {
    Namespaces host =
        new Namespaces(
            new Namespaces.Host(),
            new Namespaces.Host(),
            new Namespaces.Host(),
            new Namespaces.Host(),
            new Namespaces.Host());
    String script = "for n in uts ipc pid net cgroup; do readlink /proc/self/ns/$n; done";
    List<String> inside = shell(script, b -> b.namespaces(host)).lines();
    List<String> names = List.of("uts", "ipc", "pid", "net", "cgroup");
    for (int i = 0; i < names.size(); i++) {
      assertThat(inside.get(i))
          .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/" + names.get(i))).toString());
    }
  }

  @Test
  void joinsAnotherContainersNamespaces() throws Exception {
    try (RunningContainer other =
        containers.start(spec("sleep", "100"), overlay(), ContainerIo.NONE)) {
      Path ns = Path.of("/proc/" + other.pid() + "/ns");
      Namespaces joined =
          new Namespaces(
              new Namespaces.Join(ns.resolve("pid")),
              new Namespaces.Join(ns.resolve("net")),
              new Namespaces.Join(ns.resolve("ipc")),
              new Namespaces.Join(ns.resolve("uts")),
              new Namespaces.Private());
      List<String> lines =
          shell(
                  "readlink /proc/self/ns/net; hostname; ps | grep -c 'sleep 10[0]'",
                  b -> b.namespaces(joined).hostname(""))
              .lines();
      assertThat(lines)
          .containsExactly(
              Files.readSymbolicLink(ns.resolve("net")).toString(), other.spec().hostname(), "1");
    }
  }

  @Test
  void hasDockersCapabilitiesAndFilter() throws Exception {
    Result result = shell("grep -E '^(Cap|Seccomp:|NoNewPrivs|SigBlk)' /proc/self/status");
    assertThat(result.out().replace("\t", " "))
        .isEqualTo(
            """
            SigBlk: 0000000000000000
            CapInh: 0000000000000000
            CapPrm: 00000000a80425fb
            CapEff: 00000000a80425fb
            CapBnd: 00000000a80425fb
            CapAmb: 0000000000000000
            NoNewPrivs: 0
            Seccomp: 2
            """);
    assertThat(shell("mount -t tmpfs x /tmp").err()).contains("denied");
  }

  @Test
  void unconfinedHasNoFilter() throws Exception {
    assertThat(
            shell("grep Seccomp: /proc/self/status", b -> b.seccomp(new SeccompMode.Unconfined()))
                .out())
        .isEqualTo("Seccomp:\t0\n");
  }

  @Test
  void noNewPrivilegesIsSet() throws Exception {
    Result result =
        run(
            spec("grep", "-E", "NoNewPrivs|Seccomp:|CapEff", "/proc/self/status")
                .with(b ->
                    b.process(
                        ContainerDefaults.process(
                                List.of(
                                    "grep",
                                    "-E",
                                    "NoNewPrivs|Seccomp:|CapEff",
                                    "/proc/self/status"))
                            .with(p -> p.noNewPrivileges(true)))));
    assertThat(result.out()).contains("NoNewPrivs:\t1", "Seccomp:\t2", "CapEff:\t00000000a80425fb");
  }

  @Test
  void masksAndProtectsThePathsDockerDoes() throws Exception {
    Result result =
        shell(
            """
            for p in /proc/kcore /proc/keys /proc/interrupts /proc/timer_list; do
              test -e $p && { test -c $p || echo "$p is not masked"; cat $p; }
            done
            ls /sys/firmware /proc/acpi /proc/scsi 2>/dev/null | grep -v : | grep .
            for p in /proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger; do
              test -e $p || continue
              grep -q " $p proc ro," /proc/self/mounts || echo "$p is not read-only"
            done
            echo 1 2>/dev/null > /proc/sys/kernel/panic && echo "wrote a sysctl"
            touch /sys/x 2>/dev/null && echo "wrote /sys"
            touch /sys/firmware/x 2>/dev/null && echo "wrote a mask"
            true
            """);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void masksPathsOfTheImageToo() throws Exception {
    Result result =
        shell(
            "cat /etc/group; ls /home; echo end",
            b -> b.maskedPaths(List.of("/etc/group", "/home", "/nosuch")));
    assertThat(result.out()).isEqualTo("end\n");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void hasTheStandardDevices() throws Exception {
    Result result =
        shell(
            """
            for d in null zero full random urandom tty; do stat -c '%n %a %t %T' /dev/$d; done
            for l in fd stdin stdout stderr ptmx core; do readlink /dev/$l; done
            grep -E ' /dev(/[a-z]+)? ' /proc/self/mounts
            echo x > /dev/null && head -c 2 /dev/zero | wc -c
            mknod /tmp/sda b 8 0 && cat /tmp/sda 2>&1 | head -1
            """);
    assertThat(result.out())
        .startsWith(
            """
            /dev/null 666 1 3
            /dev/zero 666 1 5
            /dev/full 666 1 7
            /dev/random 666 1 8
            /dev/urandom 666 1 9
            /dev/tty 666 5 0
            /proc/self/fd
            /proc/self/fd/0
            /proc/self/fd/1
            /proc/self/fd/2
            pts/ptmx
            /proc/kcore
            """)
        .contains("tmpfs /dev tmpfs rw,nosuid,size=65536k,mode=755 0 0")
        .contains("devpts /dev/pts devpts rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=666")
        .contains("mqueue /dev/mqueue mqueue rw,nosuid,nodev,noexec,relatime")
        .contains("tmpfs /dev/shm tmpfs rw,nosuid,nodev,noexec,relatime,size=65536k")
        .contains("\n2\n")
        .contains("Operation not permitted");
  }

  @Test
  void seesOnlyItsOwnCgroups() throws Exception {
    Result result =
        shell(
            "cat /proc/self/cgroup; ls /sys/fs/cgroup; "
                + "cat /sys/fs/cgroup/memory/cgroup.procs /sys/fs/cgroup/cgroup.procs 2>/dev/null;"
                + "touch /sys/fs/cgroup/x 2>&1");
    assertThat(result.lines().stream().filter(l -> l.matches("[0-9]+:.*")))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).endsWith(":/"));
    assertThat(result.lines()).contains("1");
    assertThat(result.out()).contains("Read-only file system");
  }

  @Test
  void hasNameEnvironmentDirectoryAndUmask() throws Exception {
    Result result =
        run(
            spec("x")
                .with(b ->
                    b.hostname("web")
                        .domainname("example")
                        .process(
                            ContainerDefaults.process(
                                    List.of(
                                        "sh",
                                        "-c",
                                        "hostname; cat /proc/sys/kernel/domainname; pwd;"
                                            + " umask; echo $A $HOME; touch f; stat -c %a f"))
                                .with(p ->
                                    p.cwd("/srv/app/data")
                                        .umask(0027)
                                        .env(
                                            List.of("PATH=" + ContainerDefaults.PATH, "A=b c"))))));
    assertThat(result.lines())
        .containsExactly("web", "example", "/srv/app/data", "0027", "b c /root", "640");
  }

  @Test
  void loopbackIsUpAndNothingElseIsThere() throws Exception {
    Result result = shell("ip addr | grep -E '^[0-9]|inet '");
    assertThat(result.out()).contains("LOOPBACK,UP").contains("127.0.0.1/8").doesNotContain("eth");
  }

  @Test
  void setsNetworkSysctls() throws Exception {
    Result result = shell("cat /proc/sys/net/ipv4/ip_unprivileged_port_start");
    assertThat(result.out()).isEqualTo("0\n");
    Result chosen =
        shell("cat /proc/sys/kernel/msgmax", b -> b.sysctls(Map.of("kernel.msgmax", "4321")));
    assertThat(chosen.out()).isEqualTo("4321\n");
  }

  @Test
  void aRootThatIsReadOnlyRefusesWrites() throws Exception {
    Result result =
        shell("touch /x 2>&1; touch /dev/shm/ok && echo shm", b -> b.readOnlyRoot(true));
    assertThat(result.out()).contains("Read-only file system").contains("shm");
  }

  @Test
  void limitsAreSet() throws Exception {
    Result result =
        run(
            spec("x")
                .with(b ->
                    b.process(
                        ContainerDefaults.process(List.of("sh", "-c", "ulimit -n; ulimit -Hn"))
                            .with(p ->
                                p.rlimits(List.of(new Rlimit(Rlimit.Kind.NOFILE, 100, 200)))))));
    assertThat(result.lines()).containsExactly("100", "200");
  }

  @Test
  void usersAreFoundInTheImage() throws Exception {
    String script = "id; echo $HOME; grep -E 'Cap(Eff|Prm|Bnd)|Groups' /proc/self/status";
    assertThat(as("app", script).out().replace("\t", " "))
        .isEqualTo(
            """
            uid=1000(app) gid=1000(app) groups=10(wheel),46(plug),1000(app)
            /home/app
            Groups: 10 46 1000\s
            CapPrm: 0000000000000000
            CapEff: 0000000000000000
            CapBnd: 00000000a80425fb
            """);
    assertThat(as("4321:8765", "id; echo $HOME").out())
        .isEqualTo("uid=4321 gid=8765 groups=8765\n/\n");
    assertThat(as("app:wheel", "id -g").out()).isEqualTo("10\n");
    assertThat(as("", "id; echo $HOME").out())
        .isEqualTo("uid=0(root) gid=0(root) groups=0(root),10(wheel)\n/root\n");
  }

  @Test
  void anotherUserCanOpenItsStreams() throws Exception {
    assertThat(as("app", "echo one > /dev/stdout; echo two > /dev/stderr"))
        .isEqualTo(new Result(ExitStatus.exited(0), "one\n", "two\n"));
    assertThat(as("app", "cat /etc/shadow; touch /x").code()).isEqualTo(1);
  }

  private Result as(String user, String script) throws Exception {
    return run(
        spec("x")
            .with(b ->
                b.process(
                    ContainerDefaults.process(List.of("sh", "-c", script))
                        .with(p -> p.user(UserSpec.of(user))))));
  }
}
