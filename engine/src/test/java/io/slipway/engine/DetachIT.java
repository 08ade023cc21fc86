package io.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Keys that let go of a terminal, typed by a client that does not look for them itself. Needs root.
 */
@Timeout(60)
class DetachIT {
  private static final String NAME = "slwt" + ProcessHandle.current().pid() % 10000;

  private static Path directory;
  private static TestDaemon daemon;
  private static ApiClient api;

  @BeforeAll
  static void start() throws IOException {
    directory = Files.createTempDirectory("detach");
    TestImages.busybox(directory.resolve("data"));
    daemon = TestDaemon.start(directory, NAME, "");
    api = new ApiClient(directory.resolve("sock"));
  }

  @AfterAll
  static void stop() throws IOException {
    daemon.close();
    Leftovers.assertNone(NAME, directory);
    Leftovers.deleteTree(directory);
  }

  private static String running() {
    String id =
        api.create(
            "",
            "{'Image':'busybox','Cmd':['cat'],'Tty':true,'OpenStdin':true,"
                + "'HostConfig':{'NetworkMode':'none'}}");
    api.post("/containers/" + id + "/start", "").expect(204);
    return id;
  }

  /** A connection that was taken over, to be typed into. */
  private record Typing(SocketChannel channel) implements AutoCloseable {
    static Typing at(String path, String body) throws IOException {
      var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.connect(UnixDomainSocketAddress.of(directory.resolve("sock")));
      Typing typing = new Typing(channel);
      typing.type(
          "POST /v1.51%s HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n%sContent-Length: %d\r\n\r\n%s"
              .formatted(
                  path,
                  body.isEmpty() ? "" : "Content-Type: application/json\r\n",
                  body.length(),
                  body));
      typing.readTo("\r\n\r\n");
      return typing;
    }

    void type(String keys) throws IOException {
      channel.write(ByteBuffer.wrap(keys.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** What comes up to this text. */
    String readTo(String end) throws IOException {
      StringBuilder all = new StringBuilder();
      ByteBuffer one = ByteBuffer.allocate(1);
      while (!all.toString().endsWith(end)) {
        one.clear();
        if (channel.read(one) < 0) {
          throw new IOException("ended after " + all);
        }
        all.append((char) (one.get(0) & 0xff));
      }
      return all.toString();
    }

    /** What comes up to the end. */
    String rest() throws IOException {
      StringBuilder all = new StringBuilder();
      ByteBuffer one = ByteBuffer.allocate(1);
      while (channel.read(one.clear()) >= 0) {
        all.append((char) (one.get(0) & 0xff));
      }
      return all.toString();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private static String events(String id) {
    String until = Long.toString(System.currentTimeMillis() / 1000 + 1);
    return api.get("/events?since=1&until=" + until)
        .expect(200)
        .body()
        .lines()
        .filter(line -> line.contains(id))
        .reduce("", String::concat);
  }

  @Test
  void anAttachedClientIsLetGoByTheKeysItNamed() throws Exception {
    String id = running();
    String attach = "/containers/" + id + "/attach?stream=1&stdin=1&stdout=1";
    try (Typing typing = Typing.at(attach + "&detachKeys=ctrl-a,d", "")) {
      typing.type("here\n");
      typing.readTo("here\r\nhere\r\n");
      typing.type("\020\021\001x\n");
      typing.readTo("x\r\n");
      typing.type("\001d");
      typing.rest();
    }
    assertThat(api.get("/containers/" + id + "/json").json().at("/State/Running").asBoolean())
        .isTrue();
    assertThat(events(id)).contains("\"detach\"");
    try (Typing again = Typing.at(attach, "")) {
      again.type("again\n");
      again.readTo("again\r\nagain\r\n");
      again.type("\020\021");
      again.rest();
    }
    api.delete("/containers/" + id + "?force=1").expect(204);
  }

  @Test
  void anExecRunsOnWithoutItsClient() throws Exception {
    String id = running();
    String exec =
        api.post(
                "/containers/" + id + "/exec",
                "{'Cmd':['cat'],'Tty':true,'AttachStdin':true,'AttachStdout':true,"
                    + "'DetachKeys':'ctrl-b'}")
            .expect(201)
            .json()
            .path("Id")
            .asText();
    try (Typing typing = Typing.at("/exec/" + exec + "/start", "{\"Tty\":true}")) {
      typing.type("here\n");
      typing.readTo("here\r\nhere\r\n");
      typing.type("\002");
      typing.rest();
    }
    assertThat(api.get("/exec/" + exec + "/json").json().path("Running").asBoolean()).isTrue();
    assertThat(events(id)).contains("exec_detach");
    api.delete("/containers/" + id + "?force=1").expect(204);
  }

  @Test
  void keysThatAreNoneAreRefused() {
    String id = running();
    assertThat(
            api.post("/containers/" + id + "/attach?stream=1&stdin=1&detachKeys=abc", "")
                .expect(400)
                .body())
        .contains("Invalid detach keys (abc) provided");
    assertThat(
            api.post("/containers/" + id + "/exec", "{'Cmd':['cat'],'DetachKeys':'ctrl-1'}")
                .expect(400)
                .body())
        .contains("Invalid escape keys (ctrl-1) provided");
    api.delete("/containers/" + id + "?force=1").expect(204);
  }
}
