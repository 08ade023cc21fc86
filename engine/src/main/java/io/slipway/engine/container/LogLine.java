package io.slipway.engine.container;

import io.slipway.image.model.GoTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A line of a log, and its form in Docker's json-file: {@code
 * {"log":"text\n","stream":"stdout","time":"..."}}.
 *
 * @param text UTF-8, with its newline unless the line was cut or the output ended without one
 */
record LogLine(OutputStreamKind stream, String time, byte[] text) {
  private static final byte[] BEFORE_TEXT = ascii("{\"log\":\"");
  private static final byte[] BEFORE_STREAM = ascii("\",\"stream\":\"");
  private static final byte[] BEFORE_TIME = ascii("\",\"time\":\"");
  private static final byte[] AFTER_TIME = ascii("\"}\n");
  private static final int SPACE = 0x20;

  static LogLine now(OutputStreamKind stream, Instant time, byte[] text) {
    return new LogLine(stream, GoTime.format(time), text);
  }

  Instant instant() {
    return Instant.parse(time);
  }

  /** Appends the JSON and a newline. */
  void encode(ByteArrayOutputStream out) {
    out.writeBytes(BEFORE_TEXT);
    escape(validUtf8(text), out);
    out.writeBytes(BEFORE_STREAM);
    out.writeBytes(ascii(stream.label()));
    out.writeBytes(BEFORE_TIME);
    out.writeBytes(ascii(time));
    out.writeBytes(AFTER_TIME);
  }

  /**
   * Reads a line of the file, without its newline.
   *
   * @throws IOException when it is not what {@link #encode} writes
   */
  static LogLine decode(byte[] json, int from, int to) throws IOException {
    int textStart = from + BEFORE_TEXT.length;
    if (!startsWith(json, from, to, BEFORE_TEXT)) {
      throw new IOException("log file is damaged: a line does not start with its text");
    }
    int textEnd = textStart;
    while (textEnd < to && json[textEnd] != '"') {
      textEnd += json[textEnd] == '\\' ? 2 : 1;
    }
    int stream = textEnd + BEFORE_STREAM.length;
    if (!startsWith(json, textEnd, to, BEFORE_STREAM)) {
      throw new IOException("log file is damaged: a line names no stream");
    }
    int streamEnd = stream + OutputStreamKind.STDOUT.label().length();
    int timeStart = streamEnd + BEFORE_TIME.length;
    int timeEnd = to - AFTER_TIME.length + 1;
    if (!startsWith(json, streamEnd, to, BEFORE_TIME) || timeEnd < timeStart) {
      throw new IOException("log file is damaged: a line has no time");
    }
    boolean error = json[stream + "std".length()] == 'e';
    return new LogLine(
        error ? OutputStreamKind.STDERR : OutputStreamKind.STDOUT,
        new String(json, timeStart, timeEnd - timeStart, StandardCharsets.US_ASCII),
        unescape(json, textStart, textEnd));
  }

  private static boolean startsWith(byte[] bytes, int from, int to, byte[] prefix) {
    if (to - from < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (bytes[from + i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  private static void escape(byte[] utf8, ByteArrayOutputStream out) {
    int plain = 0;
    for (int i = 0; i < utf8.length; i++) {
      byte b = utf8[i];
      if (b >= 0 && b < SPACE || b == '"' || b == '\\') {
        out.write(utf8, plain, i - plain);
        plain = i + 1;
        out.write('\\');
        switch (b) {
          case '\n' -> out.write('n');
          case '\r' -> out.write('r');
          case '\t' -> out.write('t');
          case '"', '\\' -> out.write(b);
          default -> out.writeBytes(ascii(String.format("u%04x", b)));
        }
      }
    }
    out.write(utf8, plain, utf8.length - plain);
  }

  private static byte[] unescape(byte[] json, int from, int to) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(to - from);
    for (int i = from; i < to; i++) {
      if (json[i] != '\\') {
        out.write(json[i]);
        continue;
      }
      i++;
      switch (json[i]) {
        case 'n' -> out.write('\n');
        case 'r' -> out.write('\r');
        case 't' -> out.write('\t');
        case '"', '\\' -> out.write(json[i]);
        case 'u' -> {
          out.write(Integer.parseInt(new String(json, i + 1, 4, StandardCharsets.US_ASCII), 16));
          i += 4;
        }
        default -> throw new IOException("log file is damaged: unknown escape");
      }
    }
    return out.toByteArray();
  }

  /** Bytes that are no UTF-8 become replacement characters, as Docker's JSON does. */
  private static byte[] validUtf8(byte[] text) {
    for (byte b : text) {
      if (b < 0) {
        return replaceMalformed(text);
      }
    }
    return text;
  }

  private static byte[] replaceMalformed(byte[] text) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    try {
      decoder.decode(ByteBuffer.wrap(text));
      return text;
    } catch (java.nio.charset.CharacterCodingException e) {
      return new String(text, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
