package io.slipway.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.runtime.spec.ContainerDefaults;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.ContainerSpecBuilder;
import io.slipway.runtime.spec.MountSpec;
import io.slipway.runtime.spec.Namespaces;
import io.slipway.runtime.spec.ProcessSpecBuilder;
import io.slipway.runtime.spec.Resources;
import io.slipway.runtime.spec.UserSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Starts that cannot succeed: Docker's sentence and exit code, and nothing left behind. */
class StartFailureIT extends ContainerFixture {
  private Leaks before;

  @BeforeEach
  void takeStock() throws Exception {
    shell("true");
    before = Leaks.now();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    await(() -> Leaks.now().equals(before));
  }

  @Test
  void programsThatCannotRun() throws Exception {
    failure(127, "exec: \"nosuch\": executable file not found in $PATH", "nosuch");
    failure(127, "exec: \"/nosuch\": stat /nosuch: no such file or directory", "/nosuch");
    failure(126, "exec: \"/etc/passwd\": permission denied", "/etc/passwd");
    failure(126, "exec: \"/etc\": is a directory", "/etc");
    failure(126, "exec: \"/etc/passwd/x\": stat /etc/passwd/x: not a directory", "/etc/passwd/x");
    failure(127, "exec: \"\": executable file not found in $PATH", "");
  }

  @Test
  void filesThatAreNoPrograms() throws Exception {
    root = BusyboxRoot.make(folder.resolve("root"));
    executable("usr/bin/text", "no program\n");
    executable("usr/bin/script", "#!/no/interpreter\n");
    failure(126, "exec /usr/bin/text: exec format error", "text");
    failure(126, "exec /usr/bin/script: no such file or directory", "script");
  }

  private void executable(String name, String content) throws Exception {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    assertThat(file.toFile().setExecutable(true, false)).isTrue();
  }

  @Test
  void rootOwnedProgramsAreNotForOthers() throws Exception {
    root = BusyboxRoot.make(folder.resolve("root"));
    Files.copy(root.resolve("bin/busybox"), root.resolve("bin/private"));
    Files.setPosixFilePermissions(
        root.resolve("bin/private"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
    ContainerSpec spec =
        spec("x").with(process(List.of("/bin/private"), p -> p.user(UserSpec.of("app"))));
    assertThat(start(spec)).hasMessage("exec: \"/bin/private\": permission denied");
  }

  @Test
  void unknownUsersAndGroups() {
    assertThat(start(as("nosuch")))
        .hasMessage("unable to find user nosuch: no matching entries in passwd file");
    assertThat(start(as("app:nosuch")))
        .hasMessage("unable to find group nosuch: no matching entries in group file");
    assertThat(start(as("99999999999")))
        .hasMessage("uids and gids must be in range 0-2147483647: 99999999999");
  }

  private static ContainerSpec as(String user) {
    return spec("x").with(process(List.of("true"), p -> p.user(UserSpec.of(user))));
  }

  @Test
  void workingDirectoriesThatAreFiles() {
    ContainerSpec spec = spec("x").with(process(List.of("true"), p -> p.cwd("/etc/passwd")));
    assertThat(start(spec)).hasMessage("chdir to cwd (\"/etc/passwd\") failed: not a directory");
  }

  @Test
  void mountsThatAreNotThere() {
    ContainerSpec spec =
        spec("true")
            .with(b -> {
              List<MountSpec> mounts = new ArrayList<>(ContainerDefaults.mounts(1 << 20));
              mounts.add(MountSpec.Bind.of(Path.of("/no/such"), "/data"));
              return b.mounts(mounts);
            });
    assertThat(startAny(spec)).hasMessage("open_tree /no/such: no such file or directory");
  }

  @Test
  void settingsOfTheWholeMachineOrUnknownOnes() throws Exception {
    assertThat(start(spec("true").with(b -> b.sysctls(Map.of("net.ipv4.nosuch", "1")))))
        .hasMessage("set sysctl net.ipv4.nosuch: no such file or directory");
    assertThat(start(spec("true").with(b -> b.sysctls(Map.of("vm.swappiness", "1")))))
        .hasMessage("sysctl \"vm.swappiness\" is not in a separate kernel namespace");
    Namespaces hostNetwork = Namespaces.PRIVATE.withNetwork(new Namespaces.Host());
    ContainerSpec spec =
        spec("true")
            .with(b -> b.namespaces(hostNetwork).sysctls(Map.of("net.ipv4.ip_forward", "1")));
    assertThat(start(spec))
        .hasMessage("sysctl \"net.ipv4.ip_forward\" is not allowed in the host's namespace");
  }

  /** Either a step is refused, or the kernel kills the program as it is loaded; never the JVM. */
  @Test
  void memoryLimitsThatAreTooSmall() throws Exception {
    int refused = 0;
    for (long limit : List.of(4096L, 16384L, 32768L, 65536L, 131072L)) {
      Resources tiny = Resources.UNLIMITED.withMemory(Resources.Memory.limit(limit));
      ContainerSpec spec = spec("true").with(b -> b.resources(tiny));
      try (RunningContainer container = containers.start(spec, overlay(), ContainerIo.NONE)) {
        ExitStatus status = container.waitFor();
        assertThat(status.code()).isIn(0, 137);
        assertThat(status.oomKilled()).isEqualTo(status.code() == 137);
      } catch (ContainerStartException failure) {
        refused++;
        assertThat(failure.getMessage()).contains("memory limit of " + limit + " bytes");
        assertThat(failure.exitCode()).isEqualTo(128);
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void outOfMemoryIsToldFromOtherKills() throws Exception {
    Resources small = Resources.UNLIMITED.withMemory(Resources.Memory.limit(16 << 20));
    Result result = run(spec("sh", "-c", "exec tail /dev/zero").with(b -> b.resources(small)));
    assertThat(result.status().oomKilled()).isTrue();
    assertThat(result.code()).isEqualTo(137);
  }

  private void failure(int code, String message, String program) {
    ContainerStartException failure = start(spec(program, "argument"));
    assertThat(failure).hasMessage(message);
    assertThat(failure.exitCode()).isEqualTo(code);
  }

  private static UnaryOperator<ContainerSpecBuilder> process(
      List<String> args, UnaryOperator<ProcessSpecBuilder> changes) {
    return b -> b.process(ContainerDefaults.process(args).with(changes));
  }

  private ContainerStartException start(ContainerSpec spec) {
    return catchThrowableOfType(
        ContainerStartException.class,
        () -> containers.start(spec, overlay(), ContainerIo.NONE).close());
  }

  private Exception startAny(ContainerSpec spec) {
    return catchThrowableOfType(
        Exception.class, () -> containers.start(spec, overlay(), ContainerIo.NONE).close());
  }
}
