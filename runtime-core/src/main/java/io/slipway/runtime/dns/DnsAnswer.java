package io.slipway.runtime.dns;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Answers to a {@link DnsQuestion}. */
public final class DnsAnswer {
  /** The server could not find out. */
  public static final int SERVER_FAILURE = 2;

  /** The server does not want to. */
  public static final int REFUSED = 5;

  private static final int ANSWER = 0x8000;
  private static final int TRUNCATED = 0x0200;
  private static final int RECURSION_DESIRED = 0x0100;
  private static final int RECURSION_AVAILABLE = 0x0080;
  private static final int RESULT_MASK = 15;
  private static final int NAME_OF_QUESTION = 0xc000 | DnsQuestion.HEADER_BYTES;
  private static final int INTERNET = 1;
  private static final int RECORD_HEAD = 12;

  /** Docker's; a container that gets another address keeps its name, so not for ever. */
  private static final int SECONDS_TO_LIVE = 600;

  private DnsAnswer() {}

  /** The name exists and has these addresses, perhaps none of the type asked for. */
  public static byte[] addresses(DnsQuestion question, List<InetAddress> addresses, int limit) {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    int count = 0;
    int room = limit - question.head().length;
    for (InetAddress address : addresses) {
      byte[] data = address.getAddress();
      room -= RECORD_HEAD + data.length;
      if (room < 0) {
        return message(question, TRUNCATED, count, records.toByteArray());
      }
      records.writeBytes(record(question.type(), data));
      count++;
    }
    return message(question, 0, count, records.toByteArray());
  }

  /** The name of an address. */
  public static byte[] name(DnsQuestion question, String name) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (String label : name.split("\\.")) {
      byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
      data.write(bytes.length);
      data.writeBytes(bytes);
    }
    data.write(0);
    return message(question, 0, 1, record(DnsQuestion.PTR, data.toByteArray()));
  }

  /** No answer, and why. */
  public static byte[] failure(DnsQuestion question, int result) {
    return message(question, result, 0, new byte[0]);
  }

  /** How another server's answer turned out; it must be at least a header. */
  public static int result(byte[] answer) {
    return answer[3] & RESULT_MASK;
  }

  /** Whether a message is another server's answer to the question. */
  public static boolean answers(DnsQuestion question, byte[] message) {
    return message.length >= DnsQuestion.HEADER_BYTES
        && message[0] == question.head()[0]
        && message[1] == question.head()[1]
        && message[2] < 0;
  }

  private static byte[] record(int type, byte[] data) {
    return ByteBuffer.allocate(RECORD_HEAD + data.length)
        .putShort((short) NAME_OF_QUESTION)
        .putShort((short) type)
        .putShort((short) INTERNET)
        .putInt(SECONDS_TO_LIVE)
        .putShort((short) data.length)
        .put(data)
        .array();
  }

  private static byte[] message(DnsQuestion question, int flags, int count, byte[] records) {
    ByteBuffer out = ByteBuffer.allocate(question.head().length + records.length);
    out.put(question.head()).put(records);
    int asked = out.getShort(2) & RECURSION_DESIRED;
    out.putShort(2, (short) (ANSWER | asked | RECURSION_AVAILABLE | flags));
    out.putShort(6, (short) count).putShort(8, (short) 0).putShort(10, (short) 0);
    return out.array();
  }
}
