package io.slipway.engine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EngineServerTest {
  record Greeting(String name, int times, boolean loud, List<String> tags) {}

  private Path directory;
  private Path socket;
  private EngineServer server;
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicLong consumed = new AtomicLong();

  private final List<Route> routes =
      List.of(
          Route.post("/greet", r -> Reply.json(201, r.json(Greeting.class))),
          Route.get("/fail/{kind}", r -> fail(r.parameter("kind"))),
          Route.get("/bug", r -> bug()),
          Route.get("/none", r -> Reply.empty(204)),
          Route.head("/head", r -> Reply.empty(200).with("X-Stat", "yes")),
          Route.post("/count", r -> Reply.text(200, count(r) + " bytes")),
          Route.post("/early", r -> fail("INVALID")),
          Route.get("/slow", this::slow),
          Route.get("/big", r -> Reply.stream("x/y", EngineServerTest::big)),
          Route.post("/progress/{lines}", r -> progress(Integer.parseInt(r.parameter("lines")))),
          Route.get("/long", r -> Reply.text(200, "" + r.query().text("q").length())));

  private static Reply fail(String kind) {
    throw new SlipwayException(ErrorKind.valueOf(kind), "it is " + kind);
  }

  private static Reply bug() {
    throw new IllegalStateException("a bug");
  }

  private long count(Request request) throws IOException, InterruptedException {
    byte[] buffer = new byte[64 << 10];
    int n;
    long total = 0;
    while ((n = request.body().read(buffer)) > 0) {
      total += n;
      consumed.addAndGet(n);
      if (request.query().flag("block")) {
        release.await();
      }
    }
    return total;
  }

  private Reply slow(Request request) {
    return Reply.stream(
        Reply.JSON,
        out -> {
          request.cancellation().onCancel(cancelled::countDown);
          release.await();
          out.write("done".getBytes());
        });
  }

  private static void big(java.io.OutputStream out) throws IOException {
    byte[] block = new byte[1 << 20];
    for (int i = 0; i < 100; i++) {
      out.write(block);
    }
  }

  private static Reply progress(int lines) {
    return Reply.progress(p -> {
      for (int i = 0; i < lines; i++) {
        p.progress("layer", "Pulling", i, 10);
      }
      throw SlipwayException.notFound("no such layer");
    });
  }

  @BeforeEach
  void start() throws IOException {
    directory = Files.createTempDirectory("server");
    socket = directory.resolve("s");
    server =
        EngineServer.start(
            new RouteTable(routes), "Test/1", List.of(new ListenAddress.Unix(socket)));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    Files.delete(directory);
  }

  private String exchange(String request) throws IOException {
    try (RawClient client = new RawClient(socket)) {
      return client.send(request).rest();
    }
  }

  private static String post(String path, String type, String body) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: "
        + type
        + "\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  }

  @Test
  void sendsTheCommonHeadersOnEveryAnswer() throws IOException {
    for (String path : List.of("/none", "/nope", "/v1.99/none")) {
      assertThat(exchange(get(path)))
          .containsIgnoringCase("Api-Version: 1.51\r\n")
          .containsIgnoringCase("Docker-Experimental: false\r\n")
          .containsIgnoringCase("Ostype: linux\r\n")
          .containsIgnoringCase("Server: Test/1\r\n");
    }
    assertThat(exchange(get("/none"))).startsWith("HTTP/1.1 204 ");
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID,400", "UNAUTHORIZED,401", "FORBIDDEN,403", "NOT_FOUND,404", "CONFLICT,409",
    "UNSUPPORTED,501", "UNAVAILABLE,503", "NO_SPACE,500", "CANCELLED,500", "INTERNAL,500"
  })
  void mapsErrors(String kind, int status) throws IOException {
    assertThat(exchange(get("/fail/" + kind)))
        .startsWith("HTTP/1.1 " + status + " ")
        .contains("application/json")
        .endsWith("{\"message\":\"it is " + kind + "\"}");
  }

  @Test
  void answersVersionErrors() throws IOException {
    assertThat(exchange(get("/v1.5/none"))).startsWith("HTTP/1.1 400").contains("text/plain");
    assertThat(exchange(get("/v1.99/none"))).startsWith("HTTP/1.1 400").contains("{\"message\"");
    assertThat(exchange(get("/nope"))).endsWith("{\"message\":\"page not found\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json|{\"Name\":\"a\",\"times\":2,\"x\":[]}|{\"Name\":\"a\",\"Times\":2,\"Loud\":false,",
        "application/json;"
            + " charset=utf-8|{\"Name\":null}|{\"Name\":null,\"Times\":0,\"Loud\":false,",
        "text/plain|{}|unsupported Content-Type header (text/plain): must be 'application/json'",
        "application/json|''|invalid JSON: got EOF while reading request body",
        "application/json|{\"Name\":|invalid JSON: ",
        "application/json|{\"Times\":\"x\"}|invalid JSON: Times: must be a whole number in range",
        "application/json|{\"Name\":5}|invalid JSON: Name: must be a text",
        "application/json|{\"Tags\":[\"a\",null]}|invalid JSON: Tags[1]: null is not allowed in"
            + " this list",
        "application/json|{\"Tags\":{}}|invalid JSON: Tags: must be a list",
        "application/json|[]|invalid JSON: must be an object"
      })
  void readsJsonBodies(String type, String body, String expected) throws IOException {
    assertThat(exchange(post("/greet", type, body))).contains(expected);
  }

  @Test
  void answersHead() throws IOException {
    String answer = exchange("HEAD /head HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 200").contains("X-Stat: yes").endsWith("\r\n\r\n");
  }

  /** The answer comes though the client goes on sending, and the others are served. */
  @ParameterizedTest
  @CsvSource({
    "LINE,414,the request line is longer than 262144 bytes",
    "HEADER,431,the request headers are larger than 1048576 bytes",
    "MANY,431,the request headers are larger than 1048576 bytes",
    "LENGTH,400,cannot read the request as HTTP: ",
    "GARBAGE,400,cannot read the request as HTTP: "
  })
  void saysWhatIsWrongWithARequestThatIsNone(String kind, int status, String message)
      throws IOException {
    String start = "GET /none HTTP/1.1\r\n";
    String request =
        switch (kind) {
          case "LINE" -> "GET /none?" + "x".repeat(2 << 20) + " HTTP/1.1\r\n\r\n";
          case "HEADER" -> start + "X: " + "y".repeat(2 << 20) + "\r\n\r\n";
          case "MANY" -> start + "Some-Name: a value\r\n".repeat(100_000) + "\r\n";
          case "LENGTH" -> "POST /greet HTTP/1.1\r\nContent-Length: -1\r\n\r\n";
          default -> "\0\1\2\r\n\r\n";
        };
    try (RawClient client = new RawClient(socket)) {
      client.send(request);
      String answer = client.rest();
      assertThat(answer).contains(" " + status + " ").contains("{\"message\":\"" + message);
    }
    assertThat(exchange(get("/none"))).startsWith("HTTP/1.1 204 ");
  }

  @Test
  void takesTenThousandHeaders() throws IOException {
    StringBuilder headers = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      headers.append("X-Header-").append(i).append(": value\r\n");
    }
    assertThat(exchange("GET /none HTTP/1.1\r\nConnection: close\r\n" + headers + "\r\n"))
        .startsWith("HTTP/1.1 204");
  }

  @Test
  void takesLongQueriesAndHeaders() throws IOException {
    String q = "x".repeat(100_000);
    assertThat(exchange(get("/long?q=" + q))).endsWith("100000");
    String header = "X-Registry-Config: " + "y".repeat(200_000);
    assertThat(exchange("GET /none HTTP/1.1\r\nConnection: close\r\n" + header + "\r\n\r\n"))
        .startsWith("HTTP/1.1 204");
  }

  @Test
  void flushesHeadersBeforeTheBodyIsKnown() throws Exception {
    try (RawClient client = new RawClient(socket)) {
      client.send(get("/slow"));
      assertThat(client.head()).startsWith("HTTP/1.1 200 OK").containsIgnoringCase("chunked");
      release.countDown();
      assertThat(client.rest()).contains("done");
    }
  }

  @Test
  void tellsAHandlerWhoseClientLeft() throws Exception {
    try (RawClient client = new RawClient(socket)) {
      client.send(get("/slow"));
      client.head();
    }
    assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    release.countDown();
  }

  @Test
  void streams100Megabytes() throws Exception {
    try (RawClient client = new RawClient(socket)) {
      client.send(get("/big"));
      client.head();
      InputStream in = client.in();
      byte[] buffer = new byte[1 << 20];
      long total = 0;
      int n;
      while ((n = in.read(buffer)) > 0) {
        total += n;
      }
      assertThat(total).isGreaterThanOrEqualTo(100L << 20);
    }
  }

  @Test
  void readsABodyNoFasterThanItsHandler() throws Exception {
    try (RawClient client = new RawClient(socket)) {
      client.send("POST /count?block=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 52428800\r\n\r\n");
      AtomicLong sent = new AtomicLong();
      CompletableFuture<Void> pouring =
          CompletableFuture.runAsync(() -> {
            byte[] block = new byte[64 << 10];
            Arrays.fill(block, (byte) 'z');
            for (int i = 0; i < 800; i++) {
              try {
                client.send(block);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
              sent.addAndGet(block.length);
            }
          });
      Thread.sleep(500);
      assertThat(sent.get()).as("held back").isLessThan(8L << 20);
      release.countDown();
      pouring.get(20, TimeUnit.SECONDS);
      client.head();
      byte[] answer = client.in().readNBytes("52428800 bytes".length());
      assertThat(new String(answer)).isEqualTo("52428800 bytes");
    }
  }

  /** The answer comes while the client is still sending, as docker cp and build expect. */
  @Test
  void answersBeforeTheBodyIsRead() throws Exception {
    try (RawClient client = new RawClient(socket)) {
      client.send("POST /early HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("5\r\nhello\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 400").containsIgnoringCase("close");
    }
  }

  @Test
  void reportsFailuresBeforeAndWithinAProgressStream() throws IOException {
    assertThat(exchange(post("/progress/0", "x", "")))
        .startsWith("HTTP/1.1 404")
        .endsWith("{\"message\":\"no such layer\"}");
    assertThat(exchange(post("/progress/1", "x", "")))
        .startsWith("HTTP/1.1 200")
        .containsIgnoringCase("chunked")
        .contains(
            "{\"status\":\"Pulling\",\"progressDetail\":{\"current\":0,\"total\":10},\"id\":\"layer\"}\r\n")
        .contains(
            "{\"errorDetail\":{\"message\":\"no such layer\"},\"error\":\"no such layer\"}\r\n");
  }

  @Test
  void aBugIsAnInternalErrorWithItsMessage() throws IOException {
    assertThat(exchange(get("/bug")))
        .startsWith("HTTP/1.1 500")
        .endsWith("{\"message\":\"a bug\"}");
  }

  @Test
  void servesSeveralRequestsOnOneConnection() throws IOException {
    String one = "GET /long?q=ab HTTP/1.1\r\nHost: x\r\n\r\n";
    try (RawClient client = new RawClient(socket)) {
      for (int i = 0; i < 3; i++) {
        client.send(one);
        assertThat(client.head()).startsWith("HTTP/1.1 200");
        assertThat(client.in().read()).isEqualTo('2');
      }
    }
  }

  @Test
  void saysWhoHasTheSocketAndReplacesAStaleOne() throws IOException {
    ListenAddress.Unix address = new ListenAddress.Unix(socket);
    assertThatThrownBy(() -> EngineServer.start(new RouteTable(routes), "Test/1", List.of(address)))
        .hasMessage(
            "cannot listen on unix://" + socket + ": another daemon is already listening there");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-rw----");
    Path stale = directory.resolve("stale");
    try (var dead =
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      dead.bind(java.net.UnixDomainSocketAddress.of(stale));
    }
    EngineServer.start(new RouteTable(routes), "Test/1", List.of(new ListenAddress.Unix(stale)))
        .close();
    assertThat(stale).doesNotExist();
    Path file = Files.writeString(directory.resolve("file"), "x");
    assertThatThrownBy(() ->
            EngineServer.start(
                new RouteTable(routes), "Test/1", List.of(new ListenAddress.Unix(file))))
        .hasMessageContaining("a file that is no socket is there");
    Files.delete(file);
  }

  @Test
  void saysThatAPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ListenAddress address = ListenAddress.parse("tcp://127.0.0.1:" + taken.getLocalPort(), false);
      assertThatThrownBy(
              () -> EngineServer.start(new RouteTable(routes), "Test/1", List.of(address)))
          .hasMessage("cannot listen on " + address + ": address already in use");
    }
    try (EngineServer free =
        EngineServer.start(
            new RouteTable(routes),
            "x",
            List.of(ListenAddress.parse("tcp://127.0.0.1:0", false)))) {
      assertThat(free.addresses().getFirst().toString()).matches("tcp://127.0.0.1:[1-9]\\d+");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp://0.0.0.0:2375", "tcp://[::]:1", "tcp://192.0.2.1:2375"})
  void refusesOpenPortsWithoutTls(String address) {
    assertThatThrownBy(() -> ListenAddress.parse(address, false))
        .hasMessageContaining("whoever reaches it would own this machine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://x", "tcp://", "unix://relative", "", "fd://"})
  void refusesOtherAddresses(String address) {
    assertThatThrownBy(() -> ListenAddress.parse(address, false))
        .isInstanceOf(SlipwayException.class);
  }
}
