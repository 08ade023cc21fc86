package io.slipway.runtime.container;

import static io.slipway.runtime.process.Arg.number;
import static io.slipway.runtime.process.Arg.text;

import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.Privileges;
import io.slipway.runtime.linux.SocketCalls;
import io.slipway.runtime.linux.SystemCall;
import io.slipway.runtime.process.Arg;
import io.slipway.runtime.process.ProgramBuilder;
import io.slipway.runtime.spec.ContainerDefaults;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.Namespaces.Host;
import io.slipway.runtime.spec.Namespaces.Private;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** What the new namespaces are told about themselves: names, sysctls, the loopback interface. */
final class KernelSettings {
  private static final String PING_GROUPS = "net.ipv4.ping_group_range";
  private static final long SIOCSIFFLAGS = 0x8914;
  private static final short IFF_UP_RUNNING = 0x41;
  private static final int IFREQ_BYTES = 40;
  private static final int IFREQ_FLAGS = 16;

  private final ProgramBuilder program;
  private final ContainerSpec spec;
  private final Privileges privileges;

  KernelSettings(ProgramBuilder program, ContainerSpec spec, Privileges privileges) {
    this.program = program;
    this.spec = spec;
    this.privileges = privileges;
  }

  void add() {
    program.section("names, sysctls, loopback");
    if (!(spec.namespaces().uts() instanceof Host)) {
      name("set hostname", SystemCall.SETHOSTNAME, spec.hostname());
      name("set domainname", SystemCall.SETDOMAINNAME, spec.domainname());
    }
    // Sorted, so that the program does not depend on the map's order.
    new TreeMap<>(spec.sysctls()).entrySet().stream().filter(this::applies).forEach(this::sysctl);
    if (spec.namespaces().network() instanceof Private) {
      loopback();
    }
  }

  private void name(String step, SystemCall call, String value) {
    if (!value.isEmpty()) {
      program.call(step, call, text(value), number(Arg.length(value)));
    }
  }

  /** Docker's default sysctls of the network are for a network namespace of one's own only. */
  private boolean applies(Map.Entry<String, String> sysctl) {
    return !sysctl.getKey().startsWith("net.") || !(spec.namespaces().network() instanceof Host);
  }

  private void sysctl(Map.Entry<String, String> sysctl) {
    String step = "set sysctl " + sysctl.getKey();
    String path = "/proc/sys/" + sysctl.getKey().replace('.', '/');
    Arg.Slot file =
        program
            .call(
                step,
                SystemCall.OPENAT,
                number(OpenFlags.AT_FDCWD),
                text(path),
                number(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC),
                number(0))
            .result("sysctl");
    String value = value(sysctl);
    program.call(step, SystemCall.WRITE, file, text(value), number(Arg.length(value)));
  }

  /** Every group may ping; the kernel takes only groups that there are. */
  private String value(Map.Entry<String, String> sysctl) {
    boolean everyGroup =
        sysctl.getKey().equals(PING_GROUPS)
            && sysctl.getValue().equals(ContainerDefaults.NETWORK_SYSCTLS.get(PING_GROUPS));
    return everyGroup && privileges.isRootless()
        ? "0 " + privileges.lastGroup()
        : sysctl.getValue();
  }

  private void loopback() {
    String step = "bring up the loopback interface";
    Arg.Slot socket =
        program
            .call(
                step,
                SystemCall.SOCKET,
                number(SocketCalls.AF_INET),
                number(SocketCalls.SOCK_DGRAM | OpenFlags.O_CLOEXEC),
                number(0))
            .result("socket");
    ByteBuffer request = ByteBuffer.allocate(IFREQ_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    request.put("lo".getBytes(StandardCharsets.US_ASCII));
    request.putShort(IFREQ_FLAGS, IFF_UP_RUNNING);
    program.call(
        step,
        SystemCall.IOCTL,
        socket,
        number(SIOCSIFFLAGS),
        new Arg.Bytes("lo up", request.array()));
  }
}
