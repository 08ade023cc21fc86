package io.slipway.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docker needs of a hijacked connection, seen from a raw unix socket. */
@Timeout(60)
class HijackTest {
  private static final String UPGRADE =
      "Host: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n";

  private final Path socket = socketPath();
  private EngineServer server;

  private static Path socketPath() {
    try {
      return Files.createTempDirectory("hijack").resolve("s");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void serve(Reply.Talk talk) {
    Route route = Route.post("/talk", request -> Reply.hijack(Reply.MULTIPLEXED_STREAM, talk));
    server =
        EngineServer.start(
            new RouteTable(List.of(route)), "test", List.of(new ListenAddress.Unix(socket)));
  }

  @AfterEach
  void stop() throws IOException {
    if (server != null) {
      server.close();
    }
    assertThat(socket).doesNotExist();
    Files.delete(socket.getParent());
  }

  @Test
  void streamsOnAfterTheClientShutItsSide() throws Exception {
    serve(stream -> {
      assertThat(stream.input().readAllBytes()).isEmpty();
      for (int i = 0; i < 5; i++) {
        Thread.sleep(20);
        stream.output().write(("line " + i + "\n").getBytes());
      }
    });
    try (RawClient client = new RawClient(socket)) {
      client.send("POST /v1.50/talk HTTP/1.1\r\n" + UPGRADE);
      String head = client.head();
      client.endInput();
      assertThat(head)
          .startsWith("HTTP/1.1 101 UPGRADED\r\n")
          .contains("Content-Type: application/vnd.docker.multiplexed-stream\r\n")
          .contains("Connection: Upgrade\r\nUpgrade: tcp\r\n")
          .contains("Api-Version: 1.51\r\n");
      assertThat(client.rest()).isEqualTo("line 0\nline 1\nline 2\nline 3\nline 4\n");
    }
  }

  @Test
  void keepsWhatArrivesBeforeAnybodyReads() throws Exception {
    CountDownLatch mayRead = new CountDownLatch(1);
    serve(stream -> {
      mayRead.await();
      stream.output().write(stream.input().readAllBytes());
    });
    try (RawClient client = new RawClient(socket)) {
      client.send("POST /talk HTTP/1.1\r\n" + UPGRADE);
      client.head();
      client.send("early bytes").endInput();
      Thread.sleep(100);
      mayRead.countDown();
      assertThat(client.rest()).isEqualTo("early bytes");
    }
  }

  @Test
  void answersRaw200WithoutUpgrade() throws Exception {
    serve(stream -> stream.output().write("hello".getBytes()));
    try (RawClient client = new RawClient(socket)) {
      client.send("POST /talk HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
      assertThat(client.head())
          .isEqualTo("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n");
      assertThat(client.rest()).isEqualTo("hello");
    }
  }

  @RepeatedTest(5)
  void carries100MegabytesBothWaysToASlowReader() throws Exception {
    long total = 100L << 20;
    serve(stream -> {
      byte[] buffer = new byte[64 << 10];
      int n;
      while ((n = stream.input().read(buffer)) > 0) {
        stream.output().write(buffer, 0, n);
      }
    });
    try (RawClient client = new RawClient(socket)) {
      client.send("POST /talk HTTP/1.1\r\n" + UPGRADE);
      client.head();
      CompletableFuture<Long> sent = CompletableFuture.supplyAsync(() -> pour(client, total));
      assertThat(drain(client.in(), total)).isEqualTo(total);
      assertThat(sent.get(10, TimeUnit.SECONDS)).isEqualTo(total);
    }
  }

  /** A writer must not run ahead of a client that does not read. */
  @Test
  void aClientThatNeverReadsStopsTheWriter() throws Exception {
    AtomicLong written = new AtomicLong();
    CountDownLatch failed = new CountDownLatch(1);
    serve(stream -> {
      byte[] block = new byte[64 << 10];
      try {
        while (true) {
          stream.output().write(block);
          written.addAndGet(block.length);
        }
      } catch (IOException e) {
        failed.countDown();
        throw e;
      }
    });
    try (RawClient client = new RawClient(socket)) {
      client.send("POST /talk HTTP/1.1\r\n" + UPGRADE);
      client.head();
      Thread.sleep(300);
      assertThat(written.get()).isBetween(1L, 4L << 20);
    }
    assertThat(failed.await(10, TimeUnit.SECONDS)).as("writer is told").isTrue();
  }

  @Test
  void tellsTheHandlerThatTheClientIsGone() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    serve(stream -> {
      stream.closed().onCancel(gone::countDown);
      stream.input().readAllBytes();
      while (!stream.closed().isCancelled()) {
        stream.output().write(1);
        Thread.sleep(10);
      }
    });
    try (RawClient client = new RawClient(socket)) {
      client.send("POST /talk HTTP/1.1\r\n" + UPGRADE);
      client.head();
    }
    assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private static long pour(RawClient client, long total) {
    byte[] block = new byte[64 << 10];
    Arrays.fill(block, (byte) 'x');
    try {
      for (long left = total; left > 0; left -= block.length) {
        client.send(block);
      }
      client.endInput();
      return total;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static long drain(InputStream in, long total) throws Exception {
    byte[] buffer = new byte[64 << 10];
    long seen = 0;
    int n;
    while ((n = in.read(buffer)) > 0) {
      seen += n;
      if (seen < total / 50) {
        Thread.sleep(1);
      }
    }
    return seen;
  }
}
