package io.slipway.runtime.container;

import io.slipway.runtime.container.StartFacts.CgroupEntry;
import io.slipway.runtime.container.StartFacts.Filter;
import io.slipway.runtime.container.StartFacts.MaskKind;
import io.slipway.runtime.container.StartFacts.MountFacts;
import io.slipway.runtime.linux.Privileges;
import io.slipway.runtime.process.SyscallProgram;
import io.slipway.runtime.spec.Capabilities;
import io.slipway.runtime.spec.Capability;
import io.slipway.runtime.spec.ContainerDefaults;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.ContainerSpecBuilder;
import io.slipway.runtime.spec.DeviceNode;
import io.slipway.runtime.spec.IdMappings;
import io.slipway.runtime.spec.MountSpec;
import io.slipway.runtime.spec.MountSpec.KernelView;
import io.slipway.runtime.spec.Namespaces;
import io.slipway.runtime.spec.ProcessSpec;
import io.slipway.runtime.spec.Rlimit;
import io.slipway.runtime.spec.TerminalSize;
import io.slipway.testing.Golden;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Specification to system calls, as text, without root. */
class ContainerProgramTest {
  private static final Golden GOLDEN = Golden.topic("program");
  private static final Identity ROOT = new Identity(0, 0, List.of(0, 10), "/root");
  private static final Identity APP = new Identity(1000, 1000, List.of(1000), "/home/app");

  @Test
  void dockersDefaults() {
    check("default", spec(b -> b), ROOT);
  }

  @Test
  void anotherUserWithTerminalAndLimits() {
    ContainerSpec spec =
        spec(b ->
            b.readOnlyRoot(true)
                .process(
                    process()
                        .with(p ->
                            p.cwd("/srv/app")
                                .appArmor(Optional.of("mine"))
                                .noNewPrivileges(true)
                                .terminal(Optional.of(new TerminalSize(80, 24)))
                                .oomScoreAdjust(OptionalInt.of(500))
                                .capabilities(
                                    new Capabilities(
                                        Set.of(Capability.NET_BIND_SERVICE),
                                        Set.of(Capability.NET_BIND_SERVICE)))
                                .rlimits(List.of(new Rlimit(Rlimit.Kind.NOFILE, 100, 200))))));
    check("user-terminal", spec, APP);
  }

  @Test
  void hostNamespacesAndOtherMounts() {
    Namespaces.Mode host = new Namespaces.Host();
    ContainerSpec spec =
        spec(b -> {
          List<MountSpec> mounts =
              new ArrayList<>(ContainerDefaults.mounts(ContainerDefaults.SHM_BYTES));
          mounts.add(MountSpec.Bind.of(Path.of("/var/data"), "/data/deep/er"));
          mounts.add(MountSpec.Bind.readOnly(Path.of("/run/hosts"), "/etc/hosts"));
          mounts.add(new MountSpec.Tmpfs("/tmp", Set.of(), "mode=1777"));
          List<DeviceNode> devices = new ArrayList<>(ContainerDefaults.DEVICES);
          devices.add(new DeviceNode("/opt/disk", DeviceNode.Type.BLOCK, 259, 70000, 0640, 0, 6));
          return b.namespaces(
                  new Namespaces(
                      new Namespaces.Join(Path.of("/proc/1/ns/pid")), host, host, host, host))
              .mounts(mounts)
              .devices(devices)
              .maskedPaths(List.of("/opt/secret"));
        });
    check("host-and-mounts", spec, ROOT);
  }

  @Test
  void usersOfItsOwn() {
    List<IdMappings.Range> ids = List.of(new IdMappings.Range(0, 100_000, 65_536));
    ContainerSpec spec =
        spec(b ->
            b.process(process().with(p -> p.oomScoreAdjust(OptionalInt.of(5))))
                .namespaces(
                    Namespaces.PRIVATE
                        .withNetwork(new Namespaces.Join(Path.of("/proc/1/ns/net")))
                        .withUser(Optional.of(new IdMappings(ids, ids)))));
    check("users", spec, APP);
  }

  @Test
  void ofANormalUsersDaemon() {
    List<Privileges.Ids> ids = List.of(new Privileges.Ids(0, 1000, 1));
    ContainerSpec spec =
        spec(b -> b.process(process().with(p -> p.oomScoreAdjust(OptionalInt.of(-500)))));
    Map<String, String> devices =
        spec.devices().stream()
            .collect(Collectors.toMap(DeviceNode::path, d -> "device " + d.path()));
    StartFacts facts = facts(spec, ROOT, devices, new Privileges(ids, ids, false));
    Golden.check(
        GOLDEN.directory().resolve("rootless/program.txt"),
        ContainerProgram.compile(spec, facts).print());
  }

  @Test
  void execJoinsTheContainer() {
    ProcessSpec process = process().with(p -> p.cwd("/srv"));
    StartFacts facts = facts(spec(b -> b.process(process)), ROOT);
    Golden.check(
        GOLDEN.directory().resolve("exec/program.txt"),
        ExecProgram.compile(process, facts, Namespaces.PRIVATE).print());
  }

  private static ContainerSpec spec(UnaryOperator<ContainerSpecBuilder> changes) {
    return ContainerDefaults.container("golden", List.of("x"))
        .with(b -> b.hostname("web").process(process()))
        .with(changes);
  }

  private static ProcessSpec process() {
    return ContainerDefaults.process(List.of("server", "--port", "80"))
        .with(p -> p.env(List.of("PATH=/usr/bin:/bin", "TEXT=two\nlines")));
  }

  private static void check(String name, ContainerSpec spec, Identity identity) {
    SyscallProgram program = ContainerProgram.compile(spec, facts(spec, identity));
    Golden.check(GOLDEN.directory().resolve(name + "/program.txt"), program.print());
  }

  private static StartFacts facts(ContainerSpec spec, Identity identity) {
    return facts(spec, identity, Map.of(), Privileges.FULL);
  }

  private static StartFacts facts(
      ContainerSpec spec, Identity identity, Map<String, String> devices, Privileges privileges) {
    List<MountFacts> mounts = new ArrayList<>();
    for (MountSpec mount : spec.mounts()) {
      mounts.add(
          switch (mount) {
            case MountSpec.Bind bind ->
                new MountFacts.Prepared(
                    "bind " + bind.source(), bind.target().equals("/etc/hosts"));
            case KernelView view when view.kind() == KernelView.Kind.DEVPTS ->
                new MountFacts.Prepared(StartFacts.DEVPTS, false);
            case KernelView view when view.kind() == KernelView.Kind.CGROUP ->
                new MountFacts.Collection(
                    List.of(
                        new MountFacts.Part("memory", "cgroup memory"),
                        new MountFacts.Part("pids", "cgroup pids")));
            default -> new MountFacts.MadeByChild();
          });
    }
    Map<String, MaskKind> masks = new LinkedHashMap<>();
    for (String path : spec.maskedPaths()) {
      masks.put(
          path,
          switch (path) {
            case "/proc/kcore", "/proc/keys" -> MaskKind.FILE;
            case "/proc/acpi", "/sys/firmware" -> MaskKind.DIRECTORY;
            case "/opt/secret" -> MaskKind.UNKNOWN;
            default -> MaskKind.ABSENT;
          });
    }
    return new StartFacts(
        identity,
        spec.process().env(),
        new CgroupEntry(
            List.of("cgroup.procs 1", "cgroup.procs 2"), Optional.of("cgroup directory")),
        mounts,
        spec.mounts().stream().map(MountSpec::target).toList(),
        masks,
        devices,
        privileges,
        Capabilities.ALL.mask(),
        40,
        Optional.of(new Filter(new byte[16], 0)),
        spec.process().terminal().isPresent() ? OptionalInt.of(0) : OptionalInt.empty(),
        "/run/slipway/empty");
  }
}
