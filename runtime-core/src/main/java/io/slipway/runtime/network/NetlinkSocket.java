package io.slipway.runtime.network;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.SocketCalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A netlink socket. It belongs for ever to the network namespace of the thread that opened it, so
 * other threads can work in that namespace through it. Requests are answered before the sending
 * system call is back; one request at a time per socket.
 */
final class NetlinkSocket implements AutoCloseable {
  private static final int RECEIVE_BYTES = 64 * 1024;
  private static final int NETLINK_CAP_ACK = 10;
  private static final int NETLINK_EXT_ACK = 11;
  private static final int ERROR_MESSAGE = 1;
  private static final int ERROR_FIXED_PART = 20;

  private final Fd socket;
  private int sequence;

  private NetlinkSocket(Fd socket) {
    this.socket = socket;
  }

  /** Opens a socket in the calling thread's network namespace. */
  static NetlinkSocket open(int protocol) throws IOException {
    Fd socket = SocketCalls.open(SocketCalls.AF_NETLINK, SocketCalls.SOCK_RAW, protocol);
    try {
      // Errors come without the request and with a sentence.
      SocketCalls.setOption(socket, SocketCalls.SOL_NETLINK, NETLINK_CAP_ACK, 1);
      SocketCalls.setOption(socket, SocketCalls.SOL_NETLINK, NETLINK_EXT_ACK, 1);
      return new NetlinkSocket(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Sends messages in one go and waits for all that ask for an acknowledgement.
   *
   * @return replies that are not acknowledgements (echoes, answers to gets)
   * @throws LinuxException for the first message the kernel refuses, naming it
   */
  synchronized List<NetlinkReply> send(List<NetlinkMessage> messages) throws LinuxException {
    Map<Integer, NetlinkMessage> waiting = new HashMap<>();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int first = sequence + 1;
    Map<Integer, NetlinkMessage> sent = new HashMap<>();
    for (NetlinkMessage message : messages) {
      sequence++;
      all.writeBytes(message.bytes(sequence));
      sent.put(sequence, message);
      if (message.isAcknowledged()) {
        waiting.put(sequence, message);
      }
    }
    SocketCalls.send(socket, all.toByteArray());
    return collect(first, sent, waiting);
  }

  private List<NetlinkReply> collect(
      int first, Map<Integer, NetlinkMessage> sent, Map<Integer, NetlinkMessage> waiting)
      throws LinuxException {
    List<NetlinkReply> answers = new ArrayList<>();
    LinuxException failure = null;
    while (!waiting.isEmpty()) {
      for (NetlinkReply reply : receive()) {
        if (reply.sequence() < first) {
          // Left over from a batch that failed earlier.
          continue;
        }
        if (reply.type() != NetlinkReply.ERROR) {
          answers.add(reply);
          continue;
        }
        waiting.remove(reply.sequence());
        int error = -reply.intAt(0);
        if (error != 0 && failure == null) {
          NetlinkMessage refused = sent.get(reply.sequence());
          failure = failure(refused == null ? "netlink" : refused.what(), error, reply);
        }
      }
      if (failure != null && isBatch(sent)) {
        // A refused transaction acknowledges nothing more.
        break;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return answers;
  }

  private static boolean isBatch(Map<Integer, NetlinkMessage> sent) {
    return sent.values().stream().anyMatch(m -> m.what().equals(NftBatch.BEGIN));
  }

  private static LinuxException failure(String what, int error, NetlinkReply reply) {
    byte[] sentence = reply.attributes(ERROR_FIXED_PART).get(ERROR_MESSAGE);
    String detail = sentence == null ? "" : " (" + NetlinkReply.text(sentence) + ")";
    return new LinuxException("netlink", what + detail, Errno.of(error));
  }

  /** Sends a request for a list and returns all its entries. */
  synchronized List<NetlinkReply> dump(NetlinkMessage request) throws LinuxException {
    sequence++;
    SocketCalls.send(socket, request.bytes(sequence));
    List<NetlinkReply> entries = new ArrayList<>();
    while (true) {
      for (NetlinkReply reply : receive()) {
        if (reply.sequence() != sequence) {
          continue;
        }
        if (reply.type() == NetlinkReply.DONE) {
          return entries;
        }
        if (reply.type() == NetlinkReply.ERROR) {
          throw failure(request.what(), -reply.intAt(0), reply);
        }
        entries.add(reply);
      }
    }
  }

  private List<NetlinkReply> receive() throws LinuxException {
    ByteBuffer in =
        ByteBuffer.wrap(SocketCalls.receive(socket, RECEIVE_BYTES, 0))
            .order(ByteOrder.LITTLE_ENDIAN);
    List<NetlinkReply> replies = new ArrayList<>();
    int at = 0;
    while (at + NetlinkMessage.HEADER_BYTES <= in.limit()) {
      int length = in.getInt(at);
      if (length < NetlinkMessage.HEADER_BYTES || at + length > in.limit()) {
        break;
      }
      byte[] body = new byte[length - NetlinkMessage.HEADER_BYTES];
      in.get(at + NetlinkMessage.HEADER_BYTES, body);
      replies.add(new NetlinkReply(in.getShort(at + 4), in.getInt(at + 8), body));
      at += (length + 3) & ~3;
    }
    return replies;
  }

  @Override
  public void close() {
    socket.close();
  }
}
