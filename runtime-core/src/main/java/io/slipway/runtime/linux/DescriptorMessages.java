package io.slipway.runtime.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Messages that carry descriptors over a pair of connected sockets. A descriptor in a message that
 * nobody has received is as open as any other, for as long as a process has the receiving socket.
 */
public final class DescriptorMessages {
  private static final int SOCK_SEQPACKET = 5;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int SO_PEEK_OFF = 42;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_PEEK = 0x2;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;
  private static final int HEADER_BYTES = 56;
  private static final int HEADER_CONTROL_BYTES = 40;
  private static final int CONTROL_HEADER_BYTES = 16;
  private static final int CONTROL_LEVEL = 8;
  private static final int CONTROL_TYPE = 12;
  private static final int MOST_DESCRIPTORS = 32;
  private static final int MOST_BYTES = 4096;

  private DescriptorMessages() {}

  /** Two sockets: what is sent to one is received from the other. */
  public record Pair(Fd sender, Fd receiver) implements AutoCloseable {
    @Override
    public void close() {
      sender.close();
      receiver.close();
    }
  }

  /** A text and the descriptors that came with it, which are the receiver's to close. */
  public record Message(byte[] text, List<Fd> descriptors) implements AutoCloseable {
    @Override
    public void close() {
      descriptors.forEach(Fd::close);
    }
  }

  /** A new pair. */
  public static Pair pair() throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment both = arena.allocate(8, 4);
      Kernel.call(
          SystemCall.SOCKETPAIR,
          "",
          SocketCalls.AF_UNIX,
          SOCK_SEQPACKET | OpenFlags.O_CLOEXEC,
          0,
          both.address());
      return new Pair(
          new Fd(both.get(ValueLayout.JAVA_INT, 0)), new Fd(both.get(ValueLayout.JAVA_INT, 4)));
    }
  }

  /** How much may wait in the socket's peer; needs the right to administer networks. */
  public static void setRoom(Fd sender, int bytes) throws LinuxException {
    SocketCalls.setOption(sender, SocketCalls.SOL_SOCKET, SO_SNDBUFFORCE, bytes);
  }

  /** Sends without waiting: {@code EAGAIN} if the peer has too much unread. */
  public static void send(Fd socket, byte[] text, List<Fd> descriptors) throws LinuxException {
    if (text.length == 0 || text.length > MOST_BYTES || descriptors.size() > MOST_DESCRIPTORS) {
      throw new IllegalArgumentException(
          "a message of " + text.length + " bytes, " + descriptors.size() + " descriptors");
    }
    try (Arena arena = Arena.ofConfined()) {
      int controlBytes = CONTROL_HEADER_BYTES + Integer.BYTES * descriptors.size();
      Buffer buffer = Buffer.of(arena, text.length, controlBytes);
      MemorySegment.copy(text, 0, buffer.text(), ValueLayout.JAVA_BYTE, 0, text.length);
      MemorySegment control = buffer.control();
      control.set(ValueLayout.JAVA_LONG, 0, controlBytes);
      control.set(ValueLayout.JAVA_INT, CONTROL_LEVEL, SocketCalls.SOL_SOCKET);
      control.set(ValueLayout.JAVA_INT, CONTROL_TYPE, SCM_RIGHTS);
      for (int i = 0; i < descriptors.size(); i++) {
        control.setAtIndex(
            ValueLayout.JAVA_INT,
            CONTROL_HEADER_BYTES / Integer.BYTES + i,
            descriptors.get(i).number());
      }
      FileCalls.retrying(
          SystemCall.SENDMSG,
          socket.toString(),
          socket.number(),
          buffer.header().address(),
          MSG_DONTWAIT | MSG_NOSIGNAL);
    }
  }

  /** Takes the next message; empty when there is none. */
  public static Optional<Message> receive(Fd socket) throws LinuxException {
    return receive(socket, 0);
  }

  /** Everything that waits in a socket, in order, which stays there: the descriptors are copies. */
  public static List<Message> peekAll(Fd socket) throws LinuxException {
    List<Message> all = new ArrayList<>();
    SocketCalls.setOption(socket, SocketCalls.SOL_SOCKET, SO_PEEK_OFF, 0);
    try {
      Optional<Message> next = receive(socket, MSG_PEEK);
      while (next.isPresent()) {
        all.add(next.get());
        next = receive(socket, MSG_PEEK);
      }
      return all;
    } catch (LinuxException e) {
      all.forEach(Message::close);
      throw e;
    } finally {
      SocketCalls.setOption(socket, SocketCalls.SOL_SOCKET, SO_PEEK_OFF, -1);
    }
  }

  private static Optional<Message> receive(Fd socket, int flags) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      Buffer buffer =
          Buffer.of(arena, MOST_BYTES, CONTROL_HEADER_BYTES + Integer.BYTES * MOST_DESCRIPTORS);
      long length =
          FileCalls.retrying(
              SystemCall.RECVMSG,
              socket.toString(),
              socket.number(),
              buffer.header().address(),
              flags | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
      if (length == 0) {
        return Optional.empty();
      }
      byte[] text = buffer.text().asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
      return Optional.of(new Message(text, descriptors(buffer)));
    } catch (LinuxException e) {
      if (e.is(Errno.EAGAIN)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static List<Fd> descriptors(Buffer buffer) {
    List<Fd> descriptors = new ArrayList<>();
    if (buffer.header().get(ValueLayout.JAVA_LONG, HEADER_CONTROL_BYTES) > 0) {
      long bytes = buffer.control().get(ValueLayout.JAVA_LONG, 0) - CONTROL_HEADER_BYTES;
      for (long i = 0; i < bytes / Integer.BYTES; i++) {
        descriptors.add(
            new Fd(
                buffer
                    .control()
                    .getAtIndex(ValueLayout.JAVA_INT, CONTROL_HEADER_BYTES / Integer.BYTES + i)));
      }
    }
    return descriptors;
  }

  /** A {@code struct msghdr} with one piece of text and room for descriptors. */
  private record Buffer(MemorySegment header, MemorySegment text, MemorySegment control) {
    static Buffer of(Arena arena, int textBytes, int controlBytes) {
      MemorySegment text = arena.allocate(textBytes, 8);
      MemorySegment control = arena.allocate((controlBytes + 7) / 8 * 8L, 8);
      MemorySegment vector = arena.allocate(16, 8);
      vector.set(ValueLayout.JAVA_LONG, 0, text.address());
      vector.set(ValueLayout.JAVA_LONG, 8, textBytes);
      MemorySegment header = arena.allocate(HEADER_BYTES, 8);
      header.set(ValueLayout.JAVA_LONG, 16, vector.address());
      header.set(ValueLayout.JAVA_LONG, 24, 1);
      header.set(ValueLayout.JAVA_LONG, 32, control.address());
      header.set(ValueLayout.JAVA_LONG, HEADER_CONTROL_BYTES, controlBytes);
      return new Buffer(header, text, control);
    }
  }
}
