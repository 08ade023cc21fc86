package io.slipway.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.spec.Namespaces;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real bridge of the test's own, with containers and an "internet" as bare namespaces. */
class NetworkIT {
  /** Subnets and ports of this process alone: other tests may run on the machine. */
  private static final int PID = (int) ProcessHandle.current().pid();

  private static final String NETS = "10." + (220 + PID % 16) + ".";
  private static final String INSIDE = NETS + PID / 16 % 100 * 2 + ".";
  private static final String BEYOND = NETS + (PID / 16 % 100 * 2 + 1) + ".";
  private static final Ipv4Subnet GATEWAY = Ipv4Subnet.parse(INSIDE + "1/24");
  private static final String OUTSIDE_HOST = BEYOND + "1";
  private static final String OUTSIDE = BEYOND + "2";
  private static final int PORT = 20000 + PID % 1000 * 10;

  private final String bridge = "slit" + PID;
  private KernelNetworks networks;
  private NetworkNamespace internet;

  @BeforeEach
  void open() throws Exception {
    networks = KernelNetworks.open(Optional.of(BridgeDescription.of(bridge, GATEWAY, 1500)), 0);
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    if (internet != null) {
      internet.close();
    }
    if (networks != null) {
      networks.close();
    }
    assertThat(TestNet.namespacesOfOurThreads()).as("every thread is at home").hasSize(1);
    assertThat(TestNet.run("nft", "list", "ruleset")).doesNotContain(bridge);
    assertGone("ip", "-o", "link");
    assertGone("ip", "-o", "addr");
    assertGone("ip", "route");
  }

  /** The kernel takes interfaces of closed namespaces down a little later. */
  private void assertGone(String... command) throws Exception {
    String seen = TestNet.run(command);
    for (int tries = 0; tries < 200 && mentionsUs(seen); tries++) {
      Thread.sleep(50);
      seen = TestNet.run(command);
    }
    assertThat(seen).doesNotContain(bridge).doesNotContain(INSIDE).doesNotContain(BEYOND);
  }

  private boolean mentionsUs(String text) {
    return text.contains(bridge) || text.contains(INSIDE) || text.contains(BEYOND);
  }

  /** A namespace beyond the host that knows no way back to the containers' subnet. */
  private Fd internet() throws Exception {
    internet = NetworkNamespace.create();
    String name = bridge + "o";
    String path = "/proc/" + PID + "/fd/" + internet.descriptor().number();
    TestNet.run("ip", "link", "add", name, "type", "veth", "peer", "name", "out0", "netns", path);
    TestNet.run("ip", "addr", "add", OUTSIDE_HOST + "/24", "dev", name);
    TestNet.run("ip", "link", "set", name, "up");
    TestNet.run(internet.descriptor(), "ip", "addr", "add", OUTSIDE + "/24", "dev", "out0");
    TestNet.run(internet.descriptor(), "ip", "link", "set", "out0", "up");
    internet.routes().close();
    return internet.descriptor();
  }

  private NetworkAttachment attach(String id, PortBinding... ports) throws Exception {
    Sandbox sandbox = networks.sandbox(id, List.of(ports), List.of());
    try {
      sandbox.connect(
          List.of(new Sandbox.Connection(networks.defaultBridge(), EndpointOptions.named(id))));
      return sandbox;
    } catch (Exception e) {
      sandbox.close();
      throw e;
    }
  }

  private static DatagramSocket echo(NetworkAttachment attachment) throws Exception {
    try (Fd namespace = TestNet.namespaceOf(attachment)) {
      return TestNet.udpEcho(namespace, 53);
    }
  }

  private static String ip(NetworkAttachment attachment) {
    return attachment.endpoint().orElseThrow().address().address().toString();
  }

  private static PortBinding tcp(int container, String address, int host) {
    return new PortBinding(PortProtocol.TCP, container, Ipv4Address.parse(address), host);
  }

  @Test
  void containersReachEachOtherAndTheHost() throws Exception {
    try (NetworkAttachment one = attach("one");
        NetworkAttachment two = attach("two");
        ServerSocket server = TestNet.tcpServer(one, 80)) {
      assertThat(ip(one)).isEqualTo(INSIDE + "2");
      assertThat(ip(two)).isEqualTo(INSIDE + "3");
      assertThat(TestNet.inside(two, () -> TestNet.tcp(ip(one), server.getLocalPort(), "hi")))
          .isEqualTo(INSIDE + "3 hi");
      assertThat(TestNet.tcp(ip(one), 80, "host")).isEqualTo(INSIDE + "1 host");
      try (Fd namespace = TestNet.namespaceOf(two)) {
        TestNet.run(namespace, "busybox", "ping", "-c1", "-W2", ip(one));
        TestNet.run(namespace, "busybox", "ping", "-c1", "-W2", INSIDE + "1");
        String seen = TestNet.run(namespace, "ip", "addr");
        assertThat(seen)
            .contains(INSIDE + "3/24 brd " + INSIDE + "255")
            .contains("127.0.0.1/8")
            .contains(MacAddress.of(Ipv4Address.parse(INSIDE + "3")).toString());
        assertThat(TestNet.run(namespace, "ip", "route"))
            .contains("default via " + INSIDE + "1 dev eth0");
      }
    }
  }

  @Test
  void theOutsideSeesTheHostsAddress() throws Exception {
    Fd outside = internet();
    try (NetworkAttachment container = attach("c");
        ServerSocket server = TestNet.tcpServer(outside, 8080);
        DatagramSocket echo = TestNet.udpEcho(outside, 53)) {
      assertThat(TestNet.inside(container, () -> TestNet.tcp(OUTSIDE, server.getLocalPort(), "a")))
          .isEqualTo(OUTSIDE_HOST + " a");
      assertThat(TestNet.inside(container, () -> TestNet.udp(OUTSIDE, echo.getLocalPort(), "q")))
          .isEqualTo("q");
    }
  }

  @Test
  void theOutsideReachesOnlyWhatIsPublished() throws Exception {
    Fd outside = internet();
    TestNet.run(outside, "ip", "route", "add", INSIDE + "0/24", "via", OUTSIDE_HOST);
    try (NetworkAttachment web = attach("web", tcp(80, "0.0.0.0", PORT));
        ServerSocket server = TestNet.tcpServer(web, 80);
        ServerSocket hidden = TestNet.tcpServer(web, 81)) {
      assertThat(TestNet.inside(outside, () -> TestNet.tcp(OUTSIDE_HOST, PORT, "x")))
          .as("by the packet rule, so with the client's own address")
          .isEqualTo(OUTSIDE + " x");
      assertThatThrownBy(() -> TestNet.inside(outside, () -> TestNet.tcp(ip(web), 81, "x")))
          .hasMessageContaining("timed out");
      assertThat(server.isClosed() || hidden.isClosed()).isFalse();
    }
  }

  @Test
  void aPublishedPortAnswersOnLoopbackAndToOtherContainers() throws Exception {
    PortBinding everywhere =
        new PortBinding(PortProtocol.TCP, 80, Optional.empty(), PORT + 1, PORT + 1);
    try (NetworkAttachment web = attach("web", everywhere);
        NetworkAttachment other = attach("other");
        ServerSocket server = TestNet.tcpServer(web, 80)) {
      assertThat(TestNet.tcp("127.0.0.1", PORT + 1, "lo")).isEqualTo(INSIDE + "1 lo");
      assertThat(TestNet.tcp("::1", PORT + 1, "six")).endsWith(" six");
      assertThat(TestNet.tcp(INSIDE + "1", PORT + 1, "own")).endsWith(" own");
      assertThat(TestNet.inside(other, () -> TestNet.tcp(INSIDE + "1", PORT + 1, "c")))
          .endsWith(" c");
      assertThat(TestNet.inside(web, () -> TestNet.tcp(INSIDE + "1", PORT + 1, "me")))
          .endsWith(" me");
      assertThat(server.isClosed()).isFalse();
    }
    assertThatThrownBy(() -> TestNet.tcp("127.0.0.1", PORT + 1, "x"))
        .hasMessageContaining("refused");
  }

  @Test
  void publishesDatagramsToo() throws Exception {
    Fd outside = internet();
    PortBinding dns = new PortBinding(PortProtocol.UDP, 53, PortBinding.ANY, PORT + 7);
    try (NetworkAttachment server = attach("dns", dns);
        DatagramSocket echo = echo(server)) {
      assertThat(TestNet.udp("127.0.0.1", PORT + 7, "one")).isEqualTo("one");
      assertThat(TestNet.inside(outside, () -> TestNet.udp(OUTSIDE_HOST, PORT + 7, "two")))
          .isEqualTo("two");
      assertThat(echo.isClosed()).isFalse();
    }
  }

  @Test
  void aLoopbackPortStaysOnTheHost() throws Exception {
    Fd outside = internet();
    try (NetworkAttachment web = attach("web", tcp(80, "127.0.0.1", PORT + 2));
        ServerSocket server = TestNet.tcpServer(web, 80)) {
      assertThat(TestNet.tcp("127.0.0.1", PORT + 2, "x")).endsWith(" x");
      assertThatThrownBy(
              () -> TestNet.inside(outside, () -> TestNet.tcp(OUTSIDE_HOST, PORT + 2, "x")))
          .hasMessageContaining("refused");
      assertThat(server.isClosed()).isFalse();
    }
  }

  @Test
  void aTakenPortIsNamedAndTakesNothingWithIt() throws Exception {
    try (NetworkAttachment first = attach("first", tcp(80, "0.0.0.0", PORT + 3))) {
      assertThatThrownBy(
              () -> attach("second", tcp(81, "0.0.0.0", PORT + 4), tcp(80, "127.0.0.1", PORT + 3)))
          .isInstanceOfSatisfying(
              SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INTERNAL))
          .hasMessageMatching(
              "driver failed programming external connectivity on endpoint second"
                  + " \\([0-9a-f]{64}\\): Bind for 127.0.0.1:"
                  + (PORT + 3)
                  + " failed: port is already"
                  + " allocated");
      assertThat(first.endpoint()).isPresent();
    }
    try (ServerSocket stranger = TestNet.listen(PORT + 5)) {
      assertThatThrownBy(() -> attach("third", tcp(80, "0.0.0.0", stranger.getLocalPort())))
          .hasMessageContaining("failed to bind host port for 0.0.0.0:" + (PORT + 5))
          .hasMessageContaining("address already in use");
    }
    try (NetworkAttachment again = attach("fourth", tcp(80, "0.0.0.0", PORT + 4))) {
      assertThat(again.ports()).hasSize(1);
    }
  }

  @Test
  void choosesFreeHostPorts() throws Exception {
    try (NetworkAttachment web = attach("web", tcp(80, "0.0.0.0", 0), tcp(81, "0.0.0.0", 0));
        ServerSocket server = TestNet.tcpServer(web, 80)) {
      List<PublishedPort> ports = web.ports();
      assertThat(ports).extracting(PublishedPort::hostPort).doesNotHaveDuplicates();
      assertThat(ports).allMatch(port -> port.hostPort() >= 32768);
      assertThat(TestNet.tcp("127.0.0.1", ports.getFirst().hostPort(), "z")).endsWith(" z");
      assertThat(server.isClosed()).isFalse();
    }
  }

  /** In a namespace that plays the machine, so that the real one's rules are not touched. */
  @Test
  void worksBesideADroppingForwardChain() throws Exception {
    try (NetworkNamespace machine = NetworkNamespace.create();
        NetworkNamespace outside = NetworkNamespace.create()) {
      Fd host = machine.descriptor();
      TestNet.run(host, "iptables", "-w", "-P", "FORWARD", "DROP");
      wire(host, outside.descriptor());
      KernelNetworks inner = bridgeIn(host, "slitinner", GATEWAY);
      try (inner;
          NetworkAttachment container =
              inner.attach(NetworkMode.BRIDGE, "c", EndpointOptions.DEFAULT);
          ServerSocket server = TestNet.tcpServer(outside.descriptor(), 8080)) {
        assertThat(TestNet.run(host, "iptables", "-w", "-S", "FORWARD"))
            .contains("-P FORWARD DROP")
            .contains("-A FORWARD -i slitinner")
            .contains("-A FORWARD -o slitinner");
        int port = server.getLocalPort();
        assertThat(TestNet.inside(container, () -> TestNet.tcp(OUTSIDE, port, "a")))
            .isEqualTo(OUTSIDE_HOST + " a");
      }
      assertThat(TestNet.run(host, "iptables", "-w", "-S", "FORWARD")).doesNotContain("slitinner");
      assertThat(TestNet.run(host, "nft", "list", "ruleset")).doesNotContain("slitinner");
      assertThat(TestNet.run(host, "ip", "link")).doesNotContain("slitinner");
    }
  }

  private static void wire(Fd host, Fd outside) throws Exception {
    String peer = "/proc/" + PID + "/fd/" + outside.number();
    TestNet.run(
        host, "ip", "link", "add", "up0", "type", "veth", "peer", "name", "out0", "netns", peer);
    TestNet.run(host, "ip", "addr", "add", OUTSIDE_HOST + "/24", "dev", "up0");
    TestNet.run(host, "ip", "link", "set", "up0", "up");
    TestNet.run(outside, "ip", "addr", "add", OUTSIDE + "/24", "dev", "out0");
    TestNet.run(outside, "ip", "link", "set", "out0", "up");
  }

  @Test
  void aNewDaemonTakesOverWhatACrashedOneLeft() throws Exception {
    KernelNetworks crashed = networks;
    BridgeDescription moved = BridgeDescription.of(bridge, Ipv4Subnet.parse(BEYOND + "1/24"), 1500);
    networks = KernelNetworks.open(Optional.of(moved), 0);
    assertThat(TestNet.run("ip", "-o", "-4", "addr", "show", "dev", bridge))
        .contains(BEYOND + "1/24")
        .doesNotContain(INSIDE + "1");
    try (NetworkAttachment container = attach("c")) {
      assertThat(ip(container)).isEqualTo(BEYOND + "2");
    }
    assertThat(crashed.bridge()).isPresent();
  }

  /** The namespace plays a machine, but /sys shows the interfaces of the real one. */
  @Test
  void rulesOfAnotherBridgeStayWhateverSysShows() throws Exception {
    try (NetworkNamespace machine = NetworkNamespace.create()) {
      Fd host = machine.descriptor();
      KernelNetworks first = bridgeIn(host, "slitone", GATEWAY);
      try (first;
          KernelNetworks second = bridgeIn(host, "slittwo", Ipv4Subnet.parse(BEYOND + "1/24"))) {
        assertThat(second.bridge()).isPresent();
        assertThat(TestNet.run(host, "nft", "list", "tables"))
            .contains("slipway-slitone", "slipway-slittwo");
      }
    }
  }

  private static KernelNetworks bridgeIn(Fd host, String name, Ipv4Subnet gateway)
      throws Exception {
    return TestNet.inside(
        host, () -> KernelNetworks.open(Optional.of(BridgeDescription.of(name, gateway, 1500)), 0));
  }

  @Test
  void rulesOfABridgeThatIsGoneAreRemoved() throws Exception {
    String table = "slipway-" + bridge + "x";
    TestNet.run("nft", "add", "table", "ip", table);
    KernelNetworks.open(
            Optional.of(
                BridgeDescription.of(bridge + "y", Ipv4Subnet.parse(BEYOND + "1/24"), 1500)),
            0)
        .close();
    assertThat(TestNet.run("nft", "list", "tables")).doesNotContain(table);
  }

  @Test
  void isolatedContainersCannotTalk() throws Exception {
    networks.close();
    networks =
        KernelNetworks.open(
            Optional.of(BridgeDescription.of(bridge, GATEWAY, 1500).with(true, false, false)), 0);
    try (NetworkAttachment one = attach("one");
        NetworkAttachment two = attach("two");
        ServerSocket server = TestNet.tcpServer(one, 80)) {
      assertThat(TestNet.tcp(ip(one), 80, "host")).endsWith(" host");
      assertThatThrownBy(
              () -> TestNet.inside(two, () -> TestNet.tcp(ip(one), server.getLocalPort(), "x")))
          .isInstanceOf(Exception.class);
    }
  }

  @Test
  void noneIsALoopbackAndHostIsTheHost() throws Exception {
    try (NetworkAttachment none = networks.attach(NetworkMode.NONE, "n", EndpointOptions.DEFAULT);
        NetworkAttachment host = networks.attach(NetworkMode.HOST, "h", EndpointOptions.DEFAULT);
        Fd namespace = TestNet.namespaceOf(none)) {
      assertThat(TestNet.run(namespace, "ip", "-o", "link").lines().toList())
          .noneMatch(line -> line.contains("eth0"));
      TestNet.run(namespace, "busybox", "ping", "-c1", "-W2", "127.0.0.1");
      assertThat(host.namespace()).isEqualTo(new Namespaces.Host());
      assertThat(none.endpoint()).isEmpty();
    }
  }

  @Test
  void withoutABridgeTheReasonIsTold() throws Exception {
    try (KernelNetworks bare = KernelNetworks.open(Optional.empty(), 1)) {
      assertThatThrownBy(() -> bare.attach(NetworkMode.BRIDGE, "c", EndpointOptions.DEFAULT))
          .hasMessageContaining("--bridge none");
      assertThatThrownBy(
              () -> KernelNetworks.open(Optional.of(BridgeDescription.of("lo", GATEWAY, 1500)), 0))
          .hasMessageContaining("interface lo exists and is not a bridge");
    }
  }

  @Test
  void aDaemonThatEndsFirstTakesTheRulesWithIt() throws Exception {
    NetworkAttachment late = attach("late", tcp(80, "0.0.0.0", PORT + 6));
    networks.close();
    late.close();
    try (ServerSocket free = TestNet.listen(PORT + 6)) {
      assertThat(free.isBound()).isTrue();
    }
    open();
  }

  @Test
  void manyComeAndGoAtOnce() throws Exception {
    networks.close();
    networks = KernelNetworks.open(Optional.of(BridgeDescription.of(bridge, GATEWAY, 1500)), 3);
    Thread[] threads = new Thread[4];
    Throwable[] failures = new Throwable[threads.length];
    for (int t = 0; t < threads.length; t++) {
      int number = t;
      threads[t] =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (int i = 0; i < 40; i++) {
                    attach("c" + number + "-" + i, tcp(80, "127.0.0.1", 0)).close();
                  }
                } catch (Throwable e) {
                  failures[number] = e;
                }
              });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).containsOnlyNulls();
  }
}
