package io.slipway.builder.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AgentRelayTest {
  /** Names of sockets are short. */
  private Path folder;

  @BeforeEach
  void folder() throws IOException {
    folder = Files.createTempDirectory(Path.of("/tmp"), "relay");
  }

  @AfterEach
  void remove() throws IOException {
    for (String name : new String[] {"agent", "inside"}) {
      Files.deleteIfExists(folder.resolve(name));
    }
    Files.delete(folder);
  }

  @Test
  void carriesBothWaysForSeveralAtOnce() throws Exception {
    Path agent = folder.resolve("agent");
    try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listening.bind(UnixDomainSocketAddress.of(agent));
      Thread.ofVirtual().start(() -> answer(listening));
      Path inside = folder.resolve("inside");
      try (AgentRelay relay = AgentRelay.open(inside, agent);
          SocketChannel one = SocketChannel.open(UnixDomainSocketAddress.of(inside));
          SocketChannel two = SocketChannel.open(UnixDomainSocketAddress.of(inside))) {
        assertThat(relay).isNotNull();
        assertThat(ask(two, "two")).isEqualTo("<two>");
        assertThat(ask(one, "one")).isEqualTo("<one>");
      }
      assertThat(isRefusedSoon(inside)).isTrue();
    }
  }

  @Test
  void saysThatThereIsNoAgent() {
    assertThatThrownBy(() -> AgentRelay.open(folder.resolve("inside"), folder.resolve("agent")))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("cannot reach the SSH agent at");
  }

  /** The kernel closes a socket only when the thread that waits on it has left. */
  private static boolean isRefusedSoon(Path socket) throws InterruptedException {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (System.nanoTime() < limit) {
      try {
        SocketChannel.open(UnixDomainSocketAddress.of(socket)).close();
      } catch (IOException refused) {
        return true;
      }
      Thread.sleep(5);
    }
    return false;
  }

  private static String ask(SocketChannel channel, String question) throws IOException {
    channel.write(ByteBuffer.wrap(question.getBytes(StandardCharsets.US_ASCII)));
    channel.shutdownOutput();
    return read(channel);
  }

  private static String read(SocketChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(100);
    while (channel.read(buffer) >= 0) {
      continue;
    }
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
  }

  /** Gives every connection back what it says, in angle brackets. */
  private static void answer(ServerSocketChannel listening) {
    while (listening.isOpen()) {
      try {
        SocketChannel connection = listening.accept();
        Thread.ofVirtual()
            .start(() -> {
              try (connection) {
                byte[] answer = ("<" + read(connection) + ">").getBytes(StandardCharsets.US_ASCII);
                connection.write(ByteBuffer.wrap(answer));
              } catch (IOException e) {
                // the relay's trial connection says nothing and leaves
                return;
              }
            });
      } catch (IOException e) {
        return;
      }
    }
  }
}
