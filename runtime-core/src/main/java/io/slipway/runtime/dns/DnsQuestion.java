package io.slipway.runtime.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * A query with its one question.
 *
 * @param name without the last dot; a dot inside a label is written {@code \.}
 * @param type {@link #A}, {@link #AAAA}, {@link #PTR} or any other
 * @param internet whether it asks about the internet, which all do but oddities
 * @param limit longest answer the client takes by UDP, in bytes
 * @param head the wire's header and question, which an answer repeats
 */
public record DnsQuestion(String name, int type, boolean internet, int limit, byte[] head) {
  public static final int A = 1;
  public static final int PTR = 12;
  public static final int AAAA = 28;

  static final int HEADER_BYTES = 12;
  private static final int INTERNET = 1;
  private static final int OPT = 41;
  private static final int CLASSIC_LIMIT = 512;
  private static final int LONGEST_LABEL = 63;
  private static final int LONGEST_NAME = 255;
  private static final int ANSWER_BIT = 0x8000;
  private static final int OPCODE = 0x7800;
  private static final String ARPA4 = ".in-addr.arpa";
  private static final String ARPA6 = ".ip6.arpa";
  private static final int NIBBLES = 32;

  /** Reads a message; empty when it is no ordinary query with one question. */
  public static Optional<DnsQuestion> parse(byte[] message) {
    if (message.length < HEADER_BYTES) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(message);
    int flags = in.getShort(2);
    boolean query = (flags & (ANSWER_BIT | OPCODE)) == 0 && in.getShort(4) == 1;
    in.position(HEADER_BYTES);
    Optional<String> name = query ? name(in) : Optional.empty();
    if (name.isEmpty() || in.remaining() < 4) {
      return Optional.empty();
    }
    int type = in.getShort() & 0xffff;
    boolean internet = in.getShort() == INTERNET;
    byte[] head = new byte[in.position()];
    in.get(0, head);
    return Optional.of(new DnsQuestion(name.get(), type, internet, limit(in), head));
  }

  /** Labels up to the empty one; a question has no reason to point elsewhere. */
  private static Optional<String> name(ByteBuffer in) {
    StringBuilder name = new StringBuilder();
    while (in.hasRemaining()) {
      int length = in.get() & 0xff;
      if (length == 0) {
        return Optional.of(name.toString());
      }
      if (length > LONGEST_LABEL || length > in.remaining() || name.length() > LONGEST_NAME) {
        return Optional.empty();
      }
      byte[] label = new byte[length];
      in.get(label);
      String text = new String(label, StandardCharsets.ISO_8859_1).replace(".", "\\.");
      name.append(name.isEmpty() ? "" : ".").append(text);
    }
    return Optional.empty();
  }

  /** The size in the client's OPT record, if one follows the question at once, as it does. */
  private static int limit(ByteBuffer in) {
    if (in.remaining() < 5 || in.get(in.position()) != 0) {
      return CLASSIC_LIMIT;
    }
    boolean opt = (in.getShort(in.position() + 1) & 0xffff) == OPT;
    return opt ? Math.max(CLASSIC_LIMIT, in.getShort(in.position() + 3) & 0xffff) : CLASSIC_LIMIT;
  }

  /** The address whose name is asked for. */
  public Optional<InetAddress> reverse() {
    String lower = name.toLowerCase(Locale.ROOT);
    try {
      if (lower.endsWith(ARPA4)) {
        return reverse4(lower.substring(0, lower.length() - ARPA4.length()).split("\\."));
      }
      if (lower.endsWith(ARPA6)) {
        return reverse6(lower.substring(0, lower.length() - ARPA6.length()).replace(".", ""));
      }
      return Optional.empty();
    } catch (NumberFormatException | UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static Optional<InetAddress> reverse4(String[] parts) throws UnknownHostException {
    if (parts.length != 4) {
      return Optional.empty();
    }
    byte[] bytes = new byte[parts.length];
    for (int i = 0; i < parts.length; i++) {
      bytes[parts.length - 1 - i] = (byte) Integer.parseInt(parts[i]);
    }
    return Optional.of(InetAddress.getByAddress(bytes));
  }

  private static Optional<InetAddress> reverse6(String nibbles) throws UnknownHostException {
    if (nibbles.length() != NIBBLES) {
      return Optional.empty();
    }
    byte[] bytes = new byte[NIBBLES / 2];
    String forward = new StringBuilder(nibbles).reverse().toString();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(forward.substring(2 * i, 2 * i + 2), 16);
    }
    return Optional.of(InetAddress.getByAddress(bytes));
  }
}
