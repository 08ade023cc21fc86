package io.slipway.runtime.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Objects;

/**
 * How a normal user's daemon, in a network of its own, is connected to the machine's: by the
 * program slirp4netns, which carries packets out and opens ports of the machine on request.
 *
 * @param socket where slirp4netns takes requests
 * @param firstPort the lowest port of the machine that the user may open
 */
public record UserNetwork(Path socket, int firstPort) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What slirp4netns calls the interface's own address. */
  private static final String INSIDE = "10.0.2.100";

  public UserNetwork {
    Objects.requireNonNull(socket, "socket");
  }

  /**
   * Opens a port of the machine.
   *
   * @return its number at slirp4netns, for {@link #close}
   * @throws BindException if the port cannot be had
   */
  long open(PortBinding port) throws IOException {
    if (port.hostPort() < firstPort) {
      throw new BindException(
          ("cannot expose privileged port %d, you can add 'net.ipv4.ip_unprivileged_port_start=%d'"
                  + " to /etc/sysctl.conf (currently %d), or choose a larger port number (>= %d)")
              .formatted(port.hostPort(), port.hostPort(), firstPort, firstPort));
    }
    ObjectNode arguments =
        JSON.createObjectNode()
            .put("proto", port.protocol().label())
            .put("host_addr", port.shownAddress())
            .put("host_port", port.hostPort())
            .put("guest_addr", INSIDE)
            .put("guest_port", port.hostPort());
    JsonNode answer = ask("add_hostfwd", arguments);
    if (!answer.path("return").has("id")) {
      // It tells no reason; these are the only ones left.
      throw new BindException("address already in use, or not an address of this machine");
    }
    return answer.path("return").path("id").asLong();
  }

  /** Closes what {@link #open} has opened. */
  void close(long id) throws IOException {
    JsonNode answer = ask("remove_hostfwd", JSON.createObjectNode().put("id", id));
    if (answer.has("error")) {
      throw new IOException("slirp4netns: " + answer.path("error").path("desc").asText());
    }
  }

  private JsonNode ask(String order, ObjectNode arguments) throws IOException {
    ObjectNode request = JSON.createObjectNode().put("execute", order);
    request.set("arguments", arguments);
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(request));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.shutdownOutput();
      return JSON.readTree(Channels.newInputStream(channel).readAllBytes());
    } catch (IOException e) {
      throw new IOException("cannot ask slirp4netns at " + socket + ": " + e.getMessage(), e);
    }
  }
}
