package io.slipway.builder.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.builder.session.CallerSecrets;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers that mean no good: each download ends, with a sentence, and keeps nothing. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HostileDownloadsTest {
  private static final long MAX_BYTES = 1 << 20;

  @TempDir Path temp;
  private ServerSocket server;
  private HttpDownloads downloads;

  @BeforeEach
  void serve() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    downloads = new HttpDownloads(temp.resolve("http"), Duration.ofMillis(500), MAX_BYTES);
  }

  @AfterEach
  void nothingIsKept() throws IOException {
    server.close();
    try (var kept = Files.list(temp.resolve("http"))) {
      assertThat(kept).isEmpty();
    }
  }

  /** Answers every request with this text, then does not close the connection. */
  private void answers(String head, boolean endless) {
    Thread.ofVirtual()
        .start(() -> {
          while (!server.isClosed()) {
            try {
              Socket socket = server.accept();
              Thread.ofVirtual().start(() -> answer(socket, head, endless));
            } catch (IOException e) {
              return; // the test is over
            }
          }
        });
  }

  private static void answer(Socket socket, String head, boolean endless) {
    try {
      socket.getInputStream().read(new byte[4096]);
      OutputStream out = socket.getOutputStream();
      out.write(head.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
      while (endless) {
        out.write(new byte[1 << 16]);
      }
      socket.shutdownOutput();
    } catch (IOException e) {
      return; // the client has had enough
    }
  }

  private URI url() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/file");
  }

  private SlipwayException failure() {
    return catchThrowableOfType(
        SlipwayException.class, () -> downloads.get(url(), Optional.empty(), CallerSecrets.NONE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 200 OK\\nContent-Length: 1000\\n\\nshort | fixed content-length: 1000",
        "HTTP/1.1 200 OK\\nTransfer-Encoding: chunked\\n\\n5\\nhello | READING_DATA",
        "HTTP/1.1 200 OK\\nTransfer-Encoding: chunked\\n\\nzz\\n | chunk",
        "HTTP/1.1 200 OK\\nContent-Length: -5\\n\\n | ontent",
        "nonsense\\n\\n | Get",
        "HTTP/1.1 302 Found\\nLocation: /file\\nContent-Length: 0\\n\\n | failed to load cache key",
        "HTTP/1.1 302 Found\\nLocation: file:///etc/passwd\\nContent-Length: 0\\n\\n | status 302",
        "HTTP/1.1 302 Found\\nContent-Length: 0\\n\\n | Get",
      })
  void liesAreTold(String answer, String sentence) {
    answers(answer.replace("\\n", "\n"), false);
    assertThat(failure()).hasMessageContaining(sentence).hasMessageContaining(url().toString());
  }

  @Test
  void aServerThatStandsStillIsGivenUp() throws Exception {
    try (var hold = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            try (Socket socket = hold.accept()) {
              socket.getInputStream().read(new byte[4096]);
              String head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
              socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
              socket.getInputStream().read();
            } catch (IOException e) {
              return; // the client left
            }
          });
      URI url = URI.create("http://127.0.0.1:" + hold.getLocalPort() + "/file");
      SlipwayException failure =
          catchThrowableOfType(
              SlipwayException.class,
              () -> downloads.get(url, Optional.empty(), CallerSecrets.NONE));
      assertThat(failure).hasMessageContaining("no data for");
      assertThat(failure.kind()).isEqualTo(ErrorKind.UNAVAILABLE);
    }
  }

  @Test
  void aFileWithoutEndIsRefusedAtTheLimit() {
    answers("HTTP/1.1 200 OK\n\n", true);
    assertThat(failure())
        .hasMessage(url() + " is larger than the limit of " + MAX_BYTES + " bytes")
        .extracting(SlipwayException::kind)
        .isEqualTo(ErrorKind.INVALID);
  }

  @Test
  void aCancelledDownloadEndsAtOnce() throws Exception {
    downloads = new HttpDownloads(temp.resolve("http"), Duration.ofMinutes(5), 1L << 40);
    answers("HTTP/1.1 200 OK\nContent-Length: 1000000000000\n\n", true);
    var ended = new AtomicReference<Throwable>();
    var begun = new CountDownLatch(1);
    Thread download =
        Thread.ofVirtual()
            .start(() -> {
              begun.countDown();
              try {
                downloads.get(url(), Optional.empty(), CallerSecrets.NONE);
              } catch (Exception e) {
                ended.set(e);
              }
            });
    begun.await();
    Thread.sleep(300);
    download.interrupt();
    assertThat(download.join(Duration.ofSeconds(10))).isTrue();
    assertThat(ended.get()).isNotNull();
  }
}
