package io.slipway.runtime.bundle;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.slipway.runtime.container.Identity;
import io.slipway.runtime.spec.ContainerDefaults;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.DeviceNode;
import io.slipway.runtime.spec.MountSpec;
import io.slipway.runtime.spec.Namespaces;
import io.slipway.runtime.spec.Resources;
import io.slipway.runtime.spec.Resources.Throttle;
import io.slipway.runtime.spec.Rlimit;
import io.slipway.runtime.spec.SeccompMode;
import io.slipway.runtime.spec.TerminalSize;
import io.slipway.testing.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Specifications as bundles. */
class ConfigJsonTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/bundle");

  private static void check(String name, ContainerSpec spec, Identity identity) throws IOException {
    ConfigJson.Facts facts =
        new ConfigJson.Facts(
            Path.of("/run/x/rootfs"), "slipway-1/" + spec.id(), 4711, identity, Optional.empty());
    String text =
        new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .writeValueAsString(ConfigJson.of(spec, facts));
    Golden.check(GOLDEN.resolve(name).resolve("config.json"), text + "\n");
  }

  @Test
  void whatDockerGives() throws IOException {
    check(
        "default",
        ContainerDefaults.container("c1", List.of("true")),
        new Identity(0, 0, List.of(0), "/root"));
  }

  @Test
  void everythingElse() throws IOException {
    ContainerSpec standard = ContainerDefaults.container("c2", List.of("sh", "-c", "x"));
    List<MountSpec> mounts = new ArrayList<>(standard.mounts());
    mounts.add(MountSpec.Bind.readOnly(Path.of("/proc/self/fd/7"), "/data"));
    mounts.add(
        new MountSpec.Bind(Path.of("/srv"), "/srv", Set.of(), false, MountSpec.Propagation.SLAVE));
    List<DeviceNode> devices = new ArrayList<>(standard.devices());
    devices.add(new DeviceNode("/dev/disk", DeviceNode.Type.BLOCK, 8, 1, 0640, 0, 6));
    Resources.BlockIo io =
        new Resources.BlockIo(
            OptionalInt.of(300),
            List.of(new Resources.DeviceWeight(8, 0, 400)),
            List.of(
                new Throttle(Throttle.Direction.READ, Throttle.Unit.BYTES, 8, 0, 1024),
                new Throttle(Throttle.Direction.WRITE, Throttle.Unit.OPERATIONS, 8, 0, 9)));
    check(
        "full",
        standard.with(b ->
            b.mounts(mounts)
                .devices(devices)
                .domainname("nis")
                .readOnlyRoot(true)
                .sysctls(Map.of("kernel.shmmax", "100"))
                .namespaces(
                    Namespaces.PRIVATE
                        .withNetwork(new Namespaces.Join(Path.of("/proc/self/fd/9")))
                        .withPid(new Namespaces.Host()))
                .seccomp(new SeccompMode.Unconfined())
                .resources(
                    standard
                        .resources()
                        .withMemory(Resources.Memory.limit(1 << 20))
                        .withCpu(Resources.Cpu.nanoCpus(500_000_000))
                        .withBlockIo(io))
                .process(
                    standard
                        .process()
                        .with(p ->
                            p.appArmor(Optional.of("mine"))
                                .terminal(Optional.of(new TerminalSize(80, 24)))
                                .rlimits(
                                    List.of(
                                        new Rlimit(Rlimit.Kind.NOFILE, 7, Rlimit.UNLIMITED)))))),
        new Identity(1000, 5, List.of(5, 7), "/home/x"));
  }
}
