package io.slipway.engine.http;

import io.slipway.image.error.SlipwayException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A hijacked connection that speaks WebSocket (RFC 6455): what is written goes out as one frame,
 * and the client's frames, text or binary, are read as one stream of bytes that ends with its
 * close.
 */
final class WebSocket implements HijackedStream {
  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;
  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;
  private static final int NORMAL_CLOSURE = 1000;
  private static final int PROTOCOL_ERROR = 1002;
  private static final int KEY_BYTES = 4;

  private final HijackedStream connection;
  private final int kind;
  private final Input input;
  private final Output output = new Output();
  private final Cancellation closed = new Cancellation();
  private final AtomicBoolean closing = new AtomicBoolean();

  /**
   * @param binary whether the frames sent are binary; else they say to be text
   */
  WebSocket(HijackedStream connection, boolean binary) {
    this.connection = connection;
    this.kind = binary ? BINARY : TEXT;
    this.input = new Input(new DataInputStream(connection.input()));
    connection.closed().onCancel(closed::cancel);
  }

  /**
   * The status line and headers that turn the connection into a WebSocket.
   *
   * @throws SlipwayException {@code INVALID} in the words of Docker's library when the client asked
   *     for something else
   */
  static String handshake(Headers headers) {
    boolean asked =
        headers.first("Upgrade").map(u -> u.equalsIgnoreCase("websocket")).orElse(false)
            && headers
                .first("Connection")
                .map(c -> c.toLowerCase(Locale.ROOT).contains("upgrade"))
                .orElse(false);
    if (!asked) {
      throw SlipwayException.invalid(
          "not websocket protocol: send the headers Connection: Upgrade and Upgrade: websocket");
    }
    if (!headers.first("Sec-WebSocket-Version").orElse("").strip().equals("13")) {
      throw SlipwayException.invalid("missing or bad WebSocket Version: it must be 13");
    }
    String key = headers.first("Sec-WebSocket-Key").orElse("").strip();
    if (key.isEmpty()) {
      throw SlipwayException.invalid("mismatch challenge/response: Sec-WebSocket-Key is missing");
    }
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: "
        + accept(key)
        + "\r\n\r\n";
  }

  private static String accept(String key) {
    try {
      byte[] text = (key + MAGIC).getBytes(StandardCharsets.ISO_8859_1);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  @Override
  public InputStream input() {
    return input;
  }

  @Override
  public OutputStream output() {
    return output;
  }

  @Override
  public Cancellation closed() {
    return closed;
  }

  /** Says that nothing more comes; the first reason counts. */
  void end() throws IOException {
    end(NORMAL_CLOSURE);
  }

  private void end(int code) throws IOException {
    if (closing.compareAndSet(false, true)) {
      send(CLOSE, ByteBuffer.allocate(2).putShort((short) code).array(), 0, 2);
    }
  }

  /** In one write, so that frames of several threads never mix. */
  private void send(int opcode, byte[] data, int offset, int length) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(length + 10).put((byte) (FINAL | opcode));
    if (length < TWO_BYTES) {
      frame.put((byte) length);
    } else if (length <= 0xffff) {
      frame.put((byte) TWO_BYTES).putShort((short) length);
    } else {
      frame.put((byte) EIGHT_BYTES).putLong(length);
    }
    frame.put(data, offset, length);
    connection.output().write(frame.array(), 0, frame.position());
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, source.length);
      send(kind, source, offset, length);
    }
  }

  /** The payload of data frames; control frames are answered while it is read. */
  private final class Input extends InputStream {
    private static final int MAX_CONTROL_BYTES = 125;

    private final DataInputStream in;
    private final byte[] key = new byte[KEY_BYTES];
    private long left;
    private long position;
    private boolean ended;

    Input(DataInputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, target.length);
      if (length == 0) {
        return 0;
      }
      while (left == 0) {
        if (ended || !nextFrame()) {
          return -1;
        }
      }
      int count = in.read(target, offset, (int) Math.min(length, left));
      if (count < 0) {
        ended = true;
        return -1;
      }
      unmask(target, offset, count);
      left -= count;
      return count;
    }

    private void unmask(byte[] data, int offset, int count) {
      for (int i = 0; i < count; i++) {
        data[offset + i] ^= key[(int) (position++ % KEY_BYTES)];
      }
    }

    /** Begins with the next frame of data; false when the client has closed or broke the rules. */
    private boolean nextFrame() throws IOException {
      try {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        long length = length(second & ~MASKED);
        int opcode = first & 0xf;
        boolean control = opcode >= CLOSE;
        if ((second & MASKED) == 0 || length < 0 || control && length > MAX_CONTROL_BYTES) {
          return stop(PROTOCOL_ERROR);
        }
        in.readFully(key);
        position = 0;
        if (control) {
          return answer(opcode, (int) length);
        }
        if (opcode > BINARY) {
          return stop(PROTOCOL_ERROR);
        }
        left = length;
        return true;
      } catch (EOFException e) {
        ended = true;
        return false;
      }
    }

    private long length(int shortLength) throws IOException {
      return switch (shortLength) {
        case TWO_BYTES -> in.readUnsignedShort();
        case EIGHT_BYTES -> in.readLong();
        default -> shortLength;
      };
    }

    private boolean answer(int opcode, int length) throws IOException {
      byte[] data = new byte[length];
      in.readFully(data);
      unmask(data, 0, length);
      return switch (opcode) {
        case CLOSE -> stop(NORMAL_CLOSURE);
        case PING -> {
          send(PONG, data, 0, length);
          yield true;
        }
        case PONG -> true;
        default -> stop(PROTOCOL_ERROR);
      };
    }

    private boolean stop(int code) throws IOException {
      ended = true;
      end(code);
      closed.cancel();
      return false;
    }
  }
}
