package io.slipway.engine.container;

import io.slipway.engine.model.Json;
import io.slipway.image.model.GoTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A line of a log, and its form in Docker's json-file: {@code
 * {"log":"text\n","stream":"stdout","attrs":{"name":"value"},"time":"..."}}.
 *
 * @param text UTF-8, with its newline unless the line was cut or the output ended without one
 * @param details a JSON object of texts; empty when there are none
 */
record LogLine(OutputStreamKind stream, String time, byte[] text, String details) {
  private static final byte[] BEFORE_TEXT = ascii("{\"log\":\"");
  private static final byte[] BEFORE_STREAM = ascii("\",\"stream\":\"");
  private static final byte[] BEFORE_DETAILS = ascii("\",\"attrs\":");
  private static final byte[] BEFORE_TIME = ascii("\",\"time\":\"");
  private static final int TIME_BYTES = "2026-01-02T03:04:05.000000000Z".length();
  private static final byte[] AFTER_TIME = ascii("\"}\n");
  private static final int SPACE = 0x20;

  static LogLine now(OutputStreamKind stream, Instant time, byte[] text, String details) {
    return new LogLine(stream, GoTime.format(time), text, details);
  }

  /** The time with all nine digits of its fraction, as it is shown. */
  String fixedTime() {
    String digits = time.substring(0, time.length() - 1) + (time.indexOf('.') < 0 ? "." : "");
    return digits + "0".repeat(Math.max(0, TIME_BYTES - 1 - digits.length())) + "Z";
  }

  /** The details as they are shown, {@code name=value,other=value}. */
  String pairs() {
    StringBuilder pairs = new StringBuilder();
    Json.tryTree(details)
        .ifPresent(tree ->
            tree.properties()
                .forEach(entry ->
                    pairs
                        .append(pairs.isEmpty() ? "" : ",")
                        .append(URLEncoder.encode(entry.getKey(), StandardCharsets.UTF_8))
                        .append('=')
                        .append(
                            URLEncoder.encode(entry.getValue().asText(), StandardCharsets.UTF_8))));
    return pairs.toString();
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
    if (!details.isEmpty()) {
      out.writeBytes(BEFORE_DETAILS);
      out.writeBytes(details.getBytes(StandardCharsets.UTF_8));
    }
    // what precedes the name of the time is a quote only if there are no details
    out.write(
        BEFORE_TIME, details.isEmpty() ? 0 : 1, BEFORE_TIME.length - (details.isEmpty() ? 0 : 1));
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
    int timeEnd = to - AFTER_TIME.length + 1;
    int timeStart = timeEnd;
    while (timeStart > streamEnd && json[timeStart - 1] != '"') {
      timeStart--;
    }
    int nameStart = timeStart - BEFORE_TIME.length;
    if (nameStart < streamEnd || !startsWith(json, nameStart + 1, to, BEFORE_TIME, 1)) {
      throw new IOException("log file is damaged: a line has no time");
    }
    int detailsStart = streamEnd + BEFORE_DETAILS.length;
    String details =
        nameStart == streamEnd
            ? ""
            : new String(json, detailsStart, nameStart + 1 - detailsStart, StandardCharsets.UTF_8);
    boolean error = json[stream + "std".length()] == 'e';
    return new LogLine(
        error ? OutputStreamKind.STDERR : OutputStreamKind.STDOUT,
        new String(json, timeStart, timeEnd - timeStart, StandardCharsets.US_ASCII),
        unescape(json, textStart, textEnd),
        details);
  }

  private static boolean startsWith(byte[] bytes, int from, int to, byte[] prefix) {
    return startsWith(bytes, from, to, prefix, 0);
  }

  private static boolean startsWith(byte[] bytes, int from, int to, byte[] prefix, int skipped) {
    if (from < 0 || to - from < prefix.length - skipped) {
      return false;
    }
    for (int i = skipped; i < prefix.length; i++) {
      if (bytes[from + i - skipped] != prefix[i]) {
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
