package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarTime;
import io.slipway.image.tar.TarWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that vanish in the middle of every kind of stream, and clients that never read: others
 * are served meanwhile, and the daemon ends with what it began with. Needs root.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class LostClientsIT {
  private static final int VANISHING = 6;
  private static final int DEAF = 3;

  /** Pools of threads and the JVM's own files. */
  private static final int SLACK = 12;

  private static final long MAX_GROWTH_KIB = 96 << 10;
  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String TAR = "Content-Type: application/x-tar\r\n";
  private static final String UPGRADE = "Connection: Upgrade\r\nUpgrade: tcp\r\n";

  @TempDir static Path temp;
  private static SlipwayDaemon daemon;
  private static RawEngine engine;

  /** What the daemon's process holds. */
  private record Use(long descriptors, long threads, long memoryKib) {
    static Use now() throws IOException {
      Path process = Path.of("/proc", Long.toString(daemon.process().pid()));
      String memory =
          Files.readAllLines(process.resolve("status")).stream()
              .filter(line -> line.startsWith("VmRSS:"))
              .findFirst()
              .orElseThrow();
      return new Use(
          process.resolve("fd").toFile().list().length,
          process.resolve("task").toFile().list().length,
          Long.parseLong(memory.replaceAll("\\D", "")));
    }

    boolean isWithin(Use before) {
      return descriptors <= before.descriptors + SLACK
          && threads <= before.threads + SLACK
          && memoryKib <= before.memoryKib + MAX_GROWTH_KIB;
    }
  }

  @BeforeAll
  static void start() throws IOException {
    daemon = new SlipwayDaemon(temp.resolve("daemon"), SlipwayDaemon.Network.numbered(21));
    daemon.importBase("busybox");
    engine = new RawEngine(daemon.socket());
    container("loud", "'sh','-c','while true; do echo a line of output; done'");
    container("cat", "'cat'");
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  private static void container(String name, String command) throws IOException {
    post(
        "/containers/create?name=" + name,
        "{'Image':'busybox','OpenStdin':true,'Cmd':[%s],'HostConfig':{'NetworkMode':'none',"
                .formatted(command)
            + "'LogConfig':{'Config':{'max-size':'5m'}}}}");
    post("/containers/" + name + "/start", "");
  }

  private static RawEngine.Answer post(String target, String json) throws IOException {
    byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    RawEngine.Answer answer = engine.send("POST", target, body, "application/json");
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
    return answer;
  }

  /** The beginning of each kind of stream. */
  private static List<byte[]> streams() throws IOException {
    List<byte[]> all = new ArrayList<>();
    String loud = "/containers/loud";
    all.add(begun("POST", loud + "/attach?stream=1&stdout=1&stdin=1", UPGRADE, ""));
    all.add(begun("POST", loud + "/attach?stream=1&stdout=1", "", ""));
    all.add(begun("POST", "/containers/cat/attach?stream=1&stdout=1&stdin=1", UPGRADE, ""));
    all.add(begun("GET", loud + "/logs?follow=1&stdout=1", "", ""));
    all.add(begun("GET", "/containers/cat/logs?follow=1&stdout=1", "", ""));
    all.add(begun("GET", "/events", "", ""));
    all.add(begun("GET", loud + "/stats", "", ""));
    all.add(begun("POST", loud + "/wait", "", ""));
    all.add(begun("GET", loud + "/export", "", ""));
    all.add(begun("GET", loud + "/archive?path=/bin", "", ""));
    all.add(begun("GET", "/images/busybox/get", "", ""));
    all.add(begun("POST", "/images/create?fromImage=10.255.255.1:1/x&tag=y", "", ""));
    all.add(begun("POST", "/exec/" + exec("sh", "-c", "yes") + "/start", JSON + UPGRADE, "{}"));
    all.add(begun("POST", "/exec/" + exec("cat") + "/start", JSON + UPGRADE, "{}"));
    all.add(upload("PUT", loud + "/archive?path=/tmp"));
    all.add(upload("POST", "/images/load"));
    all.add(upload("POST", "/images/create?fromSrc=-"));
    all.add(upload("POST", "/build?nocache=1"));
    all.add(build());
    all.add("POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Ty".getBytes());
    all.add((head("POST", "/containers/create", JSON) + "Content-Length: 100\r\n\r\n{").getBytes());
    return all;
  }

  private static String head(String method, String target, String headers) {
    return method + " /v1.41" + target + " HTTP/1.1\r\nHost: x\r\n" + headers;
  }

  private static byte[] begun(String method, String target, String headers, String body) {
    String head = head(method, target, headers) + "Content-Length: " + body.length() + "\r\n\r\n";
    return (head + body).getBytes(StandardCharsets.US_ASCII);
  }

  private static String exec(String... command) throws IOException {
    String words = "'" + String.join("','", command) + "'";
    String body = "{'AttachStdin':true,'AttachStdout':true,'Cmd':[" + words + "]}";
    return post("/containers/cat/exec", body).json().path("Id").asText();
  }

  /** A tar whose only file never ends. */
  private static byte[] upload(String method, String target) throws IOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    new TarWriter(tar).put(TarEntry.file("endless", 0644, 1L << 30, TarTime.EPOCH));
    tar.writeBytes(new byte[100_000]);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    String head = head(method, target, TAR + "Transfer-Encoding: chunked\r\n") + "\r\n";
    all.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    all.writeBytes((Integer.toHexString(tar.size()) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    tar.writeTo(all);
    all.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    return all.toByteArray();
  }

  /** A build with a step that says much and never ends. */
  private static byte[] build() throws IOException {
    byte[] file = "FROM busybox\nRUN yes\n".getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    TarWriter writer = new TarWriter(tar);
    writer.put(TarEntry.file("Dockerfile", 0644, file.length, TarTime.EPOCH));
    writer.write(file, 0, file.length);
    writer.finish();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    String head = head("POST", "/build?nocache=1", TAR);
    all.writeBytes((head + "Content-Length: " + tar.size() + "\r\n\r\n").getBytes());
    tar.writeTo(all);
    return all.toByteArray();
  }

  private static SocketChannel open(byte[] bytes) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(daemon.socket()));
    channel.configureBlocking(false);
    ByteBuffer left = ByteBuffer.wrap(bytes);
    long limit = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
    while (left.hasRemaining() && System.nanoTime() < limit) {
      channel.write(left);
    }
    return channel;
  }

  private static void round(int vanishing, int deaf) throws Exception {
    List<SocketChannel> silent = new ArrayList<>();
    for (int i = 0; i < vanishing; i++) {
      for (byte[] bytes : streams()) {
        try (SocketChannel gone = open(bytes)) {
          gone.read(ByteBuffer.allocate(i));
        }
      }
    }
    for (int i = 0; i < deaf; i++) {
      for (byte[] bytes : streams()) {
        silent.add(open(bytes));
      }
    }
    TimeUnit.MILLISECONDS.sleep(deaf == 0 ? 0 : 1000);
    long asked = System.nanoTime();
    assertThat(engine.send("GET", "/containers/json", new byte[0], "").json()).hasSize(2);
    post("/containers/cat/rename?name=other", "");
    post("/containers/other/rename?name=cat", "");
    assertThat(System.nanoTime() - asked).isLessThan(TimeUnit.SECONDS.toNanos(5));
    for (SocketChannel channel : silent) {
      channel.close();
    }
  }

  @Test
  void nothingOfThemStays() throws Exception {
    round(1, 1);
    Use before = Use.now();
    round(VANISHING, DEAF);
    Wait.until(() -> Use.now().isWithin(before));
    assertThat(daemon.process().log()).doesNotContain("\tat ");
    post("/containers/cat/kill", "");
    assertThat(engine.send("DELETE", "/containers/loud?force=1", new byte[0], "").status())
        .isEqualTo(204);
    Wait.until(() -> Leftovers.of(daemon).isEmpty());
  }
}
