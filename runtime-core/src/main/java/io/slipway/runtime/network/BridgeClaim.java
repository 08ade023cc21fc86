package io.slipway.runtime.network;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.SocketCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One daemon per bridge: two would give out the same addresses, and the first that ends would take
 * the bridge from the other. The claim is an abstract socket name, because those belong to a
 * network namespace, as bridges do, and the kernel lets go of them with the process.
 */
public final class BridgeClaim implements AutoCloseable {
  private final Fd socket;

  private BridgeClaim(Fd socket) {
    this.socket = socket;
  }

  /**
   * Claims a bridge.
   *
   * @throws SlipwayException CONFLICT when another daemon has it
   */
  public static BridgeClaim take(String bridge) throws IOException {
    Fd socket = SocketCalls.open(SocketCalls.AF_UNIX, SocketCalls.SOCK_DGRAM, 0);
    try {
      SocketCalls.bind(socket, abstractName("slipway-bridge-" + bridge));
      return new BridgeClaim(socket);
    } catch (LinuxException e) {
      socket.close();
      if (e.errno() == Errno.EADDRINUSE) {
        throw new SlipwayException(
            ErrorKind.CONFLICT,
            "bridge %s belongs to another running daemon; choose another name with --bridge"
                .formatted(bridge),
            e);
      }
      throw e;
    }
  }

  /** A socket address whose path begins with a zero byte. */
  private static byte[] abstractName(String name) {
    byte[] text = name.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(3 + text.length)
        .order(ByteOrder.nativeOrder())
        .putShort((short) SocketCalls.AF_UNIX)
        .put((byte) 0)
        .put(text)
        .array();
  }

  @Override
  public void close() {
    socket.close();
  }
}
