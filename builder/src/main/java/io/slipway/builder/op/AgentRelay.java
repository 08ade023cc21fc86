package io.slipway.builder.op;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.process.SocketRelay;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A socket in a step whose connections lead to an SSH agent of the caller: the agent's own socket
 * belongs to the caller and would let nobody else in.
 */
final class AgentRelay implements AutoCloseable {
  private final ServerSocketChannel listening;
  private final Path agent;
  private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();

  private AgentRelay(ServerSocketChannel listening, Path agent) {
    this.listening = listening;
    this.agent = agent;
  }

  /**
   * @param socket where to listen; must be free
   * @param agent the caller's socket
   */
  static AgentRelay open(Path socket, Path agent) throws IOException {
    connect(agent).close();
    ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      listening.bind(UnixDomainSocketAddress.of(socket));
    } catch (IOException | RuntimeException e) {
      listening.close();
      throw e;
    }
    var relay = new AgentRelay(listening, agent);
    Thread.ofVirtual().name("ssh agent").start(relay::accept);
    return relay;
  }

  private static SocketChannel connect(Path agent) {
    try {
      return SocketChannel.open(UnixDomainSocketAddress.of(agent));
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.UNAVAILABLE,
          "cannot reach the SSH agent at " + agent + ": " + e.getMessage(),
          e);
    }
  }

  private void accept() {
    while (listening.isOpen()) {
      try {
        SocketChannel inside = listening.accept();
        connections.add(inside);
        Thread.ofVirtual().name("ssh agent connection").start(() -> relay(inside));
      } catch (IOException e) {
        // closed: the step has ended
        return;
      }
    }
  }

  private void relay(SocketChannel inside) {
    try (inside;
        SocketChannel outside = connect(agent)) {
      connections.add(outside);
      SocketRelay.between(inside, outside);
      connections.remove(outside);
    } catch (IOException | SlipwayException e) {
      // the command sees its connection end, as with an agent that went away
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(inside);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    connections.forEach(SocketRelay::close);
  }
}
