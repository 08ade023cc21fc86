package io.slipway.builder.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.image.model.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpDownloadsTest {
  private static final String MODIFIED = "Wed, 21 Oct 2015 07:28:00 GMT";

  @TempDir Path temp;
  private final List<Integer> answers = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;
  private HttpDownloads downloads;
  private volatile String content = "hello\n";

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/file", this::file);
    server.createContext(
        "/private",
        exchange -> {
          String who = exchange.getRequestHeaders().getFirst("Authorization");
          answer(exchange, "Bearer t0ken".equals(who) ? 200 : 401);
        });
    server.start();
    downloads = new HttpDownloads(temp.resolve("http"));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void file(HttpExchange exchange) throws IOException {
    String tag = "\"" + content.hashCode() + "\"";
    exchange.getResponseHeaders().set("ETag", tag);
    exchange.getResponseHeaders().set("Last-Modified", MODIFIED);
    boolean same = tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
    answer(exchange, same ? 304 : 200);
  }

  private void answer(HttpExchange exchange, int status) throws IOException {
    answers.add(status);
    byte[] body = content.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, status == 200 ? body.length : -1);
    if (status == 200) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private Download get(String path) throws Exception {
    return downloads.get(url(path), Optional.empty(), CallerSecrets.NONE);
  }

  @Test
  void asksOnlyWhetherItChanged() throws Exception {
    Download first = get("/file");
    assertThat(first.file()).hasContent("hello\n");
    assertThat(first.modifiedSeconds()).isEqualTo(1445412480);
    assertThat(get("/file")).isEqualTo(first);
    content = "other\n";
    assertThat(get("/file").file()).hasContent("other\n");
    assertThat(answers).containsExactly(200, 304, 200);
  }

  @Test
  void checksumsAreCheckedAndSparedARequest() throws Exception {
    Digest right = Digest.of("hello\n".getBytes(StandardCharsets.UTF_8));
    downloads.get(url("/file"), Optional.of(right), CallerSecrets.NONE);
    downloads.get(url("/file"), Optional.of(right), CallerSecrets.NONE);
    assertThat(answers).containsExactly(200);
    content = "tampered\n";
    Digest other = Digest.of("x".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> downloads.get(url("/file"), Optional.of(other), CallerSecrets.NONE))
        .hasMessageContaining("digest mismatch sha256:")
        .hasMessageEndingWith(other.toString());
  }

  @Test
  void secretsAndStatuses() throws Exception {
    assertThatThrownBy(() -> get("/private"))
        .hasMessageStartingWith("failed to load cache key: invalid response status 401");
    assertThatThrownBy(() -> get("/absent")).hasMessageContaining("invalid response status 404");
    byte[] token = "t0ken\n".getBytes(StandardCharsets.UTF_8);
    var secrets = new CallerSecrets(Map.of("HTTP_AUTH_TOKEN_127.0.0.1", token), Map.of());
    assertThat(downloads.get(url("/private"), Optional.empty(), secrets).file())
        .hasContent("hello\n");
    byte[] header = "Bearer t0ken".getBytes(StandardCharsets.UTF_8);
    var whole = new CallerSecrets(Map.of("HTTP_AUTH_HEADER_127.0.0.1", header), Map.of());
    assertThat(downloads.get(url("/private?2"), Optional.empty(), whole).file())
        .hasContent("hello\n");
    var elsewhere = new CallerSecrets(Map.of("HTTP_AUTH_HEADER_example.com", header), Map.of());
    assertThatThrownBy(() -> downloads.get(url("/private?3"), Optional.empty(), elsewhere))
        .hasMessageContaining("invalid response status 401");
  }

  @Test
  void whatIsKeptIsListedAndGoesAfterAWhile() throws Exception {
    Download first = get("/file");
    get("/file?copy");
    assertThat(downloads.list())
        .hasSize(2)
        .allMatch(KeptRemote::inUse)
        .allMatch(kept -> kept.bytes() == 6)
        .extracting(KeptRemote::url)
        .containsExactlyInAnyOrder(url("/file").toString(), url("/file?copy").toString());
    for (KeptRemote kept : downloads.list()) {
      assertThat(downloads.remove(kept.name())).as("just read").isFalse();
      Path record = temp.resolve("http").resolve(kept.name() + ".url");
      Files.setLastModifiedTime(record, FileTime.from(Instant.now().minusSeconds(60)));
    }
    List<KeptRemote> old = downloads.list();
    assertThat(old).noneMatch(KeptRemote::inUse);
    assertThat(downloads.remove(old.getFirst().name())).isTrue();
    assertThat(first.file()).as("the other URL gave it too").exists();
    assertThat(downloads.remove(old.getLast().name())).isTrue();
    assertThat(first.file()).doesNotExist();
    assertThat(downloads.list()).isEmpty();
    assertThat(get("/file").file()).hasContent("hello\n");
  }
}
