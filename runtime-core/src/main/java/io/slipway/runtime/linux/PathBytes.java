package io.slipway.runtime.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/**
 * File names between Java strings and the kernel's bytes, without loss. Names are UTF-8 by custom
 * only; a byte that is not valid UTF-8 travels as the lone surrogate U+DC80..U+DCFF (Python's
 * "surrogateescape"), so every name survives a round trip and equals itself.
 */
public final class PathBytes {
  private static final int ESCAPE_BASE = 0xDC00;

  private PathBytes() {}

  /** The bytes of a name; escapes made by {@link #decode} become the original bytes again. */
  public static byte[] encode(String name) {
    if (name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("file name holds a zero byte: " + name.replace('\0', '?'));
    }
    if (!holdsSurrogate(name)) {
      return name.getBytes(StandardCharsets.UTF_8);
    }
    ByteBuffer out = ByteBuffer.allocate(name.length() * 4);
    for (int i = 0; i < name.length(); ) {
      int point = name.codePointAt(i);
      if (point >= ESCAPE_BASE + 0x80 && point <= ESCAPE_BASE + 0xFF) {
        out.put((byte) (point - ESCAPE_BASE));
      } else {
        out.put(Character.toString(point).getBytes(StandardCharsets.UTF_8));
      }
      i += Character.charCount(point);
    }
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  /** A plain loop, because every system call on a file comes here. */
  private static boolean holdsSurrogate(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (Character.isSurrogate(name.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /** The name these bytes spell; never fails. */
  public static String decode(byte[] bytes) {
    return decode(bytes, 0, bytes.length);
  }

  /** The name spelled by {@code length} bytes from {@code offset}. */
  public static String decode(byte[] bytes, int offset, int length) {
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
    CharBuffer out = CharBuffer.allocate(length);
    var decoder = StandardCharsets.UTF_8.newDecoder();
    while (true) {
      var result = decoder.decode(in, out, true);
      if (!result.isError()) {
        return out.flip().toString();
      }
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (ESCAPE_BASE + (in.get() & 0xFF)));
      }
      decoder.reset();
    }
  }

  /** The name as a zero-terminated string in native memory of {@code arena}. */
  public static MemorySegment allocate(Arena arena, String name) {
    byte[] bytes = encode(name);
    MemorySegment memory = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return memory;
  }
}
