package io.slipway.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a socket that answers as slirp4netns does. */
class ForwardedPortsTest {
  private static final Ipv4Address CONTAINER = Ipv4Address.parse("127.0.0.9");

  @TempDir Path folder;

  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

  @Test
  void opensThePortOutsideAndTheSameOneInside() throws Exception {
    int port = freePort();
    try (ServerSocketChannel slirp = answering("{\"return\":{\"id\":7}}", "{\"return\":{}}")) {
      PortBinding wanted = binding(Optional.of(Ipv4Address.parse("127.0.0.1")), port);
      HostPorts.Held held = ports(1024).hold(wanted, CONTAINER);
      assertThat(requests.take())
          .isEqualTo(
              "{\"execute\":\"add_hostfwd\",\"arguments\":{\"proto\":\"tcp\",\"host_addr\":\"127.0.0.1\","
                  + "\"host_port\":%d,\"guest_addr\":\"10.0.2.100\",\"guest_port\":%d}}",
              port, port);
      assertThat(held.inside().hostAddress()).contains(PortBinding.ANY);
      assertThat(held.inside().hostPort()).isEqualTo(port);
      try (SocketChannel client = SocketChannel.open(new InetSocketAddress("127.0.0.1", port))) {
        assertThat(client.isConnected()).isTrue();
      }
      held.proxy().close();
      assertThat(requests.take())
          .isEqualTo("{\"execute\":\"remove_hostfwd\",\"arguments\":{\"id\":7}}");
      assertThat(slirp.isOpen()).isTrue();
    }
  }

  @Test
  void lowPortsAreRefusedWithTheWayOut() throws IOException {
    assertThatThrownBy(
            () -> new UserNetwork(folder.resolve("none"), 1024).open(binding(Optional.empty(), 80)))
        .isInstanceOf(BindException.class)
        .hasMessage(
            "cannot expose privileged port 80, you can add 'net.ipv4.ip_unprivileged_port_start=80'"
                + " to /etc/sysctl.conf (currently 1024), or choose a larger port number (>="
                + " 1024)");
  }

  @Test
  void aPortThatCannotBeHadIsFreeInsideAgain() throws Exception {
    int port = freePort();
    try (ServerSocketChannel slirp =
        answering(
            "{\"error\":{\"desc\":\"bad request: add_hostfwd: slirp_add_hostfwd failed\"}}")) {
      assertThatThrownBy(() -> ports(1024).hold(binding(Optional.empty(), port), CONTAINER))
          .isInstanceOf(BindException.class)
          .hasMessageStartingWith("address already in use");
      try (ServerSocket again = new ServerSocket(port)) {
        assertThat(again.isBound()).isTrue();
      }
      assertThat(slirp.isOpen()).isTrue();
    }
  }

  @Test
  void whatSlirpCannotCarryIsRefused() {
    PortBinding six = binding(Optional.of(PortBinding.ANY6), 8080);
    assertThatThrownBy(() -> ports(1024).hold(six, CONTAINER))
        .hasMessage(
            "a daemon without root publishes TCP and UDP ports at IPv4 addresses only, not"
                + " :::8080/tcp");
  }

  private ForwardedPorts ports(int first) {
    return new ForwardedPorts(new UserNetwork(folder.resolve("slirp"), first));
  }

  private static PortBinding binding(Optional<IpAddress> address, int port) {
    return new PortBinding(PortProtocol.TCP, 80, address, port, port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0)) {
      return any.getLocalPort();
    }
  }

  private ServerSocketChannel answering(String... answers) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(folder.resolve("slirp")));
    Thread.ofVirtual()
        .start(() -> {
          for (String answer : List.of(answers)) {
            try (SocketChannel client = server.accept()) {
              byte[] all = Channels.newInputStream(client).readAllBytes();
              requests.add(new String(all, StandardCharsets.UTF_8));
              client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
              requests.add(e.toString());
            }
          }
        });
    return server;
  }
}
