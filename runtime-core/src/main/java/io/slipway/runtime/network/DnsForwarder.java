package io.slipway.runtime.network;

import io.slipway.runtime.dns.DnsAnswer;
import io.slipway.runtime.dns.DnsQuestion;
import io.slipway.runtime.linux.Fd;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Asks other name servers, one after the other, each time from a fresh port. Blocks its thread, so
 * it is called on virtual ones.
 */
final class DnsForwarder {
  private static final int PORT = 53;

  /** As Docker's. */
  private static final int MOST_AT_ONCE = 1024;

  private static final int PATIENCE_MILLIS = 4000;
  private static final int DATAGRAM_BYTES = 65_507;
  private static final int LONGEST_MESSAGE = 65_535;

  private final Semaphore running = new Semaphore(MOST_AT_ONCE);

  /**
   * The first answer that is one.
   *
   * @param namespace of the container
   * @param byTcp how it was asked, and so is asked on
   */
  byte[] forward(
      DnsQuestion question,
      byte[] message,
      List<DnsUpstream> servers,
      Fd namespace,
      boolean byTcp) {
    byte[] last = DnsAnswer.failure(question, DnsAnswer.SERVER_FAILURE);
    if (!running.tryAcquire()) {
      return last;
    }
    try {
      for (DnsUpstream server : servers) {
        try {
          byte[] answer =
              byTcp ? tcp(message, server, namespace) : udp(question, message, server, namespace);
          if (!DnsAnswer.answers(question, answer)) {
            continue;
          }
          int result = DnsAnswer.result(answer);
          if (result != DnsAnswer.SERVER_FAILURE && result != DnsAnswer.REFUSED) {
            return answer;
          }
          last = answer;
        } catch (IOException | IllegalStateException e) {
          // Not reachable, silent, or the container has ended: the next one is asked.
          continue;
        }
      }
      return last;
    } finally {
      running.release();
    }
  }

  private static <T extends AutoCloseable> T open(
      DnsUpstream server, Fd namespace, NamespaceVisit.Work<T> work) throws IOException {
    return server.fromHost() ? work.open() : NamespaceVisit.to(namespace, work);
  }

  private static StandardProtocolFamily family(DnsUpstream server) {
    return server.address() instanceof Ipv4Address
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }

  private static byte[] udp(DnsQuestion question, byte[] message, DnsUpstream server, Fd namespace)
      throws IOException {
    StandardProtocolFamily family = family(server);
    try (DatagramChannel channel = open(server, namespace, () -> DatagramChannel.open(family))) {
      channel.connect(new InetSocketAddress(server.address().toInetAddress(), PORT));
      channel.write(ByteBuffer.wrap(message));
      channel.socket().setSoTimeout(PATIENCE_MILLIS);
      DatagramPacket packet = new DatagramPacket(new byte[DATAGRAM_BYTES], DATAGRAM_BYTES);
      while (true) {
        channel.socket().receive(packet);
        byte[] answer = Arrays.copyOf(packet.getData(), packet.getLength());
        if (DnsAnswer.answers(question, answer)) {
          return answer;
        }
      }
    }
  }

  private static byte[] tcp(byte[] message, DnsUpstream server, Fd namespace) throws IOException {
    StandardProtocolFamily family = family(server);
    try (SocketChannel channel = open(server, namespace, () -> SocketChannel.open(family))) {
      InetSocketAddress address = new InetSocketAddress(server.address().toInetAddress(), PORT);
      channel.socket().connect(address, PATIENCE_MILLIS);
      channel.socket().setSoTimeout(PATIENCE_MILLIS);
      write(channel.socket().getOutputStream(), message);
      return read(new DataInputStream(channel.socket().getInputStream()));
    }
  }

  /** A message on a stream comes after its length. */
  static byte[] read(DataInputStream in) throws IOException {
    byte[] message = new byte[in.readUnsignedShort()];
    if (in.readNBytes(message, 0, message.length) < message.length) {
      throw new EOFException("the message ends early");
    }
    return message;
  }

  static void write(OutputStream out, byte[] message) throws IOException {
    if (message.length > LONGEST_MESSAGE) {
      throw new IOException("message of %d bytes does not fit".formatted(message.length));
    }
    out.write(
        ByteBuffer.allocate(2 + message.length)
            .putShort((short) message.length)
            .put(message)
            .array());
    out.flush();
  }
}
