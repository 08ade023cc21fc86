package io.slipway.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frame by frame, from a raw unix socket; the answers are dockerd's. */
@Timeout(60)
class WebSocketTest {
  private static final String UPGRADE =
      "Host: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
          + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

  private static final int BINARY = 0x82;
  private static final int CLOSE = 0x88;

  private Path socket;
  private EngineServer server;
  private final CountDownLatch gone = new CountDownLatch(1);

  private record Frame(int first, byte[] data) {
    String text() {
      return new String(data, StandardCharsets.UTF_8);
    }
  }

  @BeforeEach
  void start() throws IOException {
    socket = Files.createTempDirectory("websocket").resolve("s");
    List<Route> routes =
        List.of(
            Route.get("/echo", r -> Reply.webSocket(r, true, this::echo)),
            Route.get("/text", r -> Reply.webSocket(r, false, this::echo)));
    server =
        EngineServer.start(new RouteTable(routes), "test", List.of(new ListenAddress.Unix(socket)));
  }

  private void echo(HijackedStream stream) throws IOException {
    stream.closed().onCancel(gone::countDown);
    byte[] buffer = new byte[1 << 20];
    for (int n = stream.input().read(buffer); n > 0; n = stream.input().read(buffer)) {
      stream.output().write(buffer, 0, n);
    }
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    Files.delete(socket.getParent());
  }

  private RawClient open(String path) throws IOException {
    RawClient client = new RawClient(socket);
    client.send("GET " + path + " HTTP/1.1\r\n" + UPGRADE);
    assertThat(client.head())
        .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
        .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
    return client;
  }

  private static byte[] frame(int first, byte[] data) {
    byte[] key = {1, 2, 3, 4};
    ByteBuffer frame = ByteBuffer.allocate(data.length + 14).put((byte) first);
    if (data.length < 126) {
      frame.put((byte) (0x80 | data.length));
    } else if (data.length < 1 << 16) {
      frame.put((byte) 0xfe).putShort((short) data.length);
    } else {
      frame.put((byte) 0xff).putLong(data.length);
    }
    frame.put(key);
    for (int i = 0; i < data.length; i++) {
      frame.put((byte) (data[i] ^ key[i % 4]));
    }
    return java.util.Arrays.copyOf(frame.array(), frame.position());
  }

  private static byte[] frame(int first, String text) {
    return frame(first, text.getBytes(StandardCharsets.UTF_8));
  }

  private static Frame next(RawClient client) throws IOException {
    DataInputStream in = new DataInputStream(client.in());
    int first = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    if (length > 125) {
      length = length == 126 ? in.readUnsignedShort() : (int) in.readLong();
    }
    return new Frame(first, in.readNBytes(length));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 125, 126, 65535, 65536, 300_000})
  void carriesFramesOfEveryLength(int length) throws IOException {
    byte[] data = new byte[length];
    for (int i = 0; i < length; i++) {
      data[i] = (byte) (i * 7);
    }
    try (RawClient client = open("/echo")) {
      client.send(frame(BINARY, data));
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      while (all.size() < length) {
        Frame frame = next(client);
        assertThat(frame.first()).isEqualTo(BINARY);
        all.writeBytes(frame.data());
      }
      assertThat(all.toByteArray()).isEqualTo(data);
    }
  }

  @Test
  void readsTextAndFragmentsAndAnswersPings() throws IOException {
    try (RawClient client = open("/text")) {
      client.send(frame(0x81, "text"));
      Frame answer = next(client);
      assertThat(answer.first()).isEqualTo(0x81);
      assertThat(answer.text()).isEqualTo("text");
      client.send(frame(0x02, "first")).send(frame(0x89, "ping")).send(frame(0x80, "last"));
      assertThat(next(client).text()).isEqualTo("first");
      Frame pong = next(client);
      assertThat(pong.first()).isEqualTo(0x8a);
      assertThat(pong.text()).isEqualTo("ping");
      assertThat(next(client).text()).isEqualTo("last");
    }
  }

  @Test
  void answersACloseWithACloseAndTellsTheHandler() throws Exception {
    try (RawClient client = open("/echo")) {
      client.send(frame(CLOSE, new byte[] {3, (byte) 232}));
      Frame close = next(client);
      assertThat(close.first()).isEqualTo(CLOSE);
      assertThat(close.data()).isEqualTo(new byte[] {3, (byte) 232});
      assertThat(client.rest()).isEmpty();
      assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void endsWithACloseWhenTheHandlerIsDone() throws IOException {
    try (RawClient client = open("/echo")) {
      client.endInput();
      assertThat(next(client).data()).isEqualTo(new byte[] {3, (byte) 232});
      assertThat(client.rest()).isEmpty();
    }
  }

  /** Unmasked, an opcode of nobody's, a long control frame, a length below zero: 1002. */
  @ParameterizedTest
  @ValueSource(
      strings = {"82017800", "838101020304", "89fe0200", "82ffffffffffffffffff", "8b8001020304"})
  void closesOnFramesThatBreakTheRules(String hex) throws IOException {
    try (RawClient client = open("/echo")) {
      client.send(HexFormat.of().parseHex(hex));
      assertThat(next(client).data()).isEqualTo(new byte[] {3, (byte) 234});
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Upgrade: WebSocket|Upgrade: tcp|not websocket protocol",
        "keep-alive, Upgrade|keep-alive|not websocket protocol",
        "Version: 13|Version: 9|missing or bad WebSocket Version",
        "Sec-WebSocket-Key|Sec-Other|mismatch challenge/response"
      })
  void refusesOtherHandshakes(String right, String wrong, String reason) throws IOException {
    try (RawClient client = new RawClient(socket)) {
      client.send("GET /echo HTTP/1.1\r\n" + UPGRADE.replace(right, wrong));
      assertThat(client.head()).startsWith("HTTP/1.1 400 ");
      assertThat(new String(client.in().readNBytes(reason.length() + 12), StandardCharsets.UTF_8))
          .contains(reason);
    }
  }
}
