package io.slipway.runtime.network;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.SocketCalls;
import java.io.IOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Keeps a port of SCTP from others. The packet rules alone carry it: the JDK has no sockets of this
 * protocol, so it does not answer on the loopback address.
 */
final class SctpHold implements PortProxy {
  private final Fd socket;

  private SctpHold(Fd socket) {
    this.socket = socket;
  }

  static SctpHold open(PortBinding port) throws IOException {
    IpAddress address = port.hostAddress().orElse(PortBinding.ANY);
    boolean four = address instanceof Ipv4Address;
    Fd socket = socket(four ? SocketCalls.AF_INET : SocketCalls.AF_INET6, port);
    try {
      SocketCalls.bind(socket, four ? name4(address, port) : name6(address, port));
      return new SctpHold(socket);
    } catch (LinuxException e) {
      socket.close();
      if (e.errno() == Errno.EADDRINUSE) {
        BindException taken = new BindException("Address already in use");
        taken.initCause(e);
        throw taken;
      }
      throw e;
    }
  }

  private static Fd socket(int family, PortBinding port) throws IOException {
    try {
      return SocketCalls.open(family, SocketCalls.SOCK_STREAM, PortProtocol.SCTP.number());
    } catch (LinuxException e) {
      throw new SlipwayException(
          ErrorKind.UNSUPPORTED,
          "publishing port %d/sctp: the kernel has no SCTP (%s)"
              .formatted(port.containerPort(), e.errno().sentence()),
          e);
    }
  }

  /** {@code struct sockaddr_in}. */
  private static byte[] name4(IpAddress address, PortBinding port) {
    return start(16, SocketCalls.AF_INET, port).put(address.bytes()).array();
  }

  /** {@code struct sockaddr_in6}; between port and address lies the flow's label. */
  private static byte[] name6(IpAddress address, PortBinding port) {
    return start(28, SocketCalls.AF_INET6, port).putInt(0).put(address.bytes()).array();
  }

  private static ByteBuffer start(int size, int family, PortBinding port) {
    return ByteBuffer.allocate(size)
        .order(ByteOrder.nativeOrder())
        .putShort((short) family)
        .order(ByteOrder.BIG_ENDIAN)
        .putShort((short) port.hostPort());
  }

  @Override
  public void close() {
    socket.close();
  }
}
