package io.slipway.runtime.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Sockets the JDK has no class for: netlink, interface control, abstract names. */
public final class SocketCalls {
  public static final int AF_UNIX = 1;
  public static final int AF_INET = 2;
  public static final int AF_INET6 = 10;
  public static final int AF_NETLINK = 16;
  public static final int SOCK_STREAM = 1;
  public static final int SOCK_DGRAM = 2;
  public static final int SOCK_RAW = 3;
  public static final int NETLINK_ROUTE = 0;
  public static final int NETLINK_NETFILTER = 12;
  public static final int SOL_SOCKET = 1;
  public static final int SOL_NETLINK = 270;

  private static final int BACKLOG = 4;

  private SocketCalls() {}

  /** A close-on-exec socket in the calling thread's network namespace. */
  public static Fd open(int family, int type, int protocol) throws LinuxException {
    return FileCalls.fd(
        Kernel.call(
            SystemCall.SOCKET,
            family + "/" + protocol,
            family,
            type | OpenFlags.O_CLOEXEC,
            protocol));
  }

  public static void bind(Fd socket, byte[] address) throws LinuxException {
    withAddress(SystemCall.BIND, socket, address);
  }

  public static void connect(Fd socket, byte[] address) throws LinuxException {
    withAddress(SystemCall.CONNECT, socket, address);
  }

  /** Makes a bound socket one that others connect to. */
  public static void listen(Fd socket) throws LinuxException {
    Kernel.call(SystemCall.LISTEN, socket.toString(), socket.number(), BACKLOG);
  }

  /** Waits for the next connection. */
  public static Fd accept(Fd socket) throws LinuxException {
    return FileCalls.fd(
        FileCalls.retrying(
            SystemCall.ACCEPT4, socket.toString(), socket.number(), 0, 0, OpenFlags.O_CLOEXEC));
  }

  /** Sends one message to the connected peer (for netlink: the kernel). */
  public static void send(Fd socket, byte[] message) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
      FileCalls.retrying(
          SystemCall.SENDTO,
          socket.toString(),
          socket.number(),
          data.address(),
          message.length,
          0,
          0,
          0);
    }
  }

  /**
   * Receives one message, waiting for it.
   *
   * @param limit longest message to take, in bytes; a longer one is cut
   */
  public static byte[] receive(Fd socket, int limit, int flags) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(limit, 8);
      long length =
          FileCalls.retrying(
              SystemCall.RECVFROM,
              socket.toString(),
              socket.number(),
              data.address(),
              limit,
              flags,
              0,
              0);
      return data.asSlice(0, Math.min(length, limit)).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  public static void setOption(Fd socket, int level, int option, int value) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long data = arena.allocateFrom(ValueLayout.JAVA_INT, value).address();
      Kernel.call(
          SystemCall.SETSOCKOPT, socket.toString(), socket.number(), level, option, data, 4);
    }
  }

  private static void withAddress(SystemCall call, Fd socket, byte[] address)
      throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long data = arena.allocateFrom(ValueLayout.JAVA_BYTE, address).address();
      Kernel.call(call, socket.toString(), socket.number(), data, address.length);
    }
  }
}
