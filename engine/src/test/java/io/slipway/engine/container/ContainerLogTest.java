package io.slipway.engine.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.engine.http.Cancellation;
import io.slipway.engine.http.Query;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ContainerLogTest {
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.6Z");

  @TempDir Path directory;
  private ContainerLog log;

  @BeforeEach
  void open() throws IOException {
    log = new ContainerLog(directory.resolve("log"), Clock.fixed(TIME, ZoneOffset.UTC));
    log.open();
  }

  private void out(String text) throws IOException {
    write(OutputStreamKind.STDOUT, text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(OutputStreamKind kind, byte[] bytes) throws IOException {
    log.write(kind, bytes, 0, bytes.length);
  }

  private String read(String query) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new LogReader(log, LogQuery.parse(Query.parse(query)), new StreamFrames(out, false))
        .run(new Cancellation());
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void writesDockersFormat() throws Exception {
    out("a \"quoted\" \\ tab\t\u0001 ü\n");
    write(OutputStreamKind.STDERR, "no newline".getBytes(StandardCharsets.UTF_8));
    log.close();
    assertThat(Files.readString(log.file()))
        .isEqualTo(
            "{\"log\":\"a \\\"quoted\\\" \\\\ tab\\t\\u0001"
                + " ü\\n\",\"stream\":\"stdout\",\"time\":\"2026-01-02T03:04:05.6Z\"}\n"
                + "{\"log\":\"no"
                + " newline\",\"stream\":\"stderr\",\"time\":\"2026-01-02T03:04:05.6Z\"}\n");
    assertThat(read("stdout=1&stderr=1")).isEqualTo("a \"quoted\" \\ tab\t\u0001 ü\nno newline");
    assertThat(read("stderr=1")).isEqualTo("no newline");
  }

  @Test
  void joinsWhatArrivesInPieces() throws Exception {
    out("one ");
    out("line\nand ");
    write(OutputStreamKind.STDERR, "other\n".getBytes(StandardCharsets.UTF_8));
    out("more\n\n");
    log.close();
    assertThat(read("stdout=1")).isEqualTo("one line\nand more\n\n");
    assertThat(Files.readAllLines(log.file())).hasSize(4);
  }

  @Test
  void cutsLongLinesWithoutLosingAByte() throws Exception {
    String line = "0123456789".repeat(10_000) + "\n";
    out(line);
    log.close();
    assertThat(Files.readAllLines(log.file())).hasSize(7);
    assertThat(read("stdout=1")).isEqualTo(line);
  }

  @Test
  void replacesWhatIsNoUtf8() throws Exception {
    write(OutputStreamKind.STDOUT, new byte[] {'a', (byte) 0xff, '\n'});
    log.close();
    assertThat(read("stdout=1")).isEqualTo("a\uFFFD\n");
  }

  @Test
  void givesTheTail() throws Exception {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      all.append("line ").append(i).append('\n');
    }
    out(all.toString());
    log.close();
    assertThat(read("stdout=1&tail=2")).isEqualTo("line 4998\nline 4999\n");
    assertThat(read("stdout=1&tail=0")).isEmpty();
    assertThat(read("stdout=1&tail=3000").lines().findFirst()).contains("line 2000");
    assertThat(read("stdout=1&tail=all")).isEqualTo(all.toString());
    assertThat(read("stdout=1&tail=99999")).isEqualTo(all.toString());
  }

  @Test
  void filtersByTimeAndStampsLines() throws Exception {
    out("x\n");
    log.close();
    assertThat(read("stdout=1&timestamps=1")).isEqualTo("2026-01-02T03:04:05.6Z x\n");
    assertThat(read("stdout=1&since=" + (TIME.getEpochSecond() + 1))).isEmpty();
    assertThat(read("stdout=1&since=" + TIME.getEpochSecond() + ".6")).isEqualTo("x\n");
    assertThat(read("stdout=1&until=" + TIME.getEpochSecond())).isEmpty();
  }

  @Test
  void followsUntilTheLogIsClosed() throws Exception {
    out("before\n");
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    CompletableFuture<Void> following =
        CompletableFuture.runAsync(() -> {
          try {
            new LogReader(
                    log,
                    LogQuery.parse(Query.parse("stdout=1&follow=1")),
                    new StreamFrames(seen, false))
                .run(new Cancellation());
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    StringBuilder all = new StringBuilder("before\n");
    for (int i = 0; i < 2000; i++) {
      out("line " + i + "\n");
      all.append("line ").append(i).append('\n');
    }
    out("last without newline");
    log.close();
    following.get(10, TimeUnit.SECONDS);
    assertThat(seen.toString(StandardCharsets.UTF_8)).isEqualTo(all + "last without newline");
  }

  @Test
  void aFollowerWhoseClientLeftEnds() throws Exception {
    Cancellation cancellation = new Cancellation();
    CompletableFuture<Void> following =
        CompletableFuture.runAsync(() -> {
          try {
            new LogReader(
                    log,
                    LogQuery.parse(Query.parse("stdout=1&follow=1")),
                    new StreamFrames(new ByteArrayOutputStream(), true))
                .run(cancellation);
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    Thread.sleep(50);
    cancellation.cancel();
    following.get(5, TimeUnit.SECONDS);
  }

  @Test
  void framesSayWhichStreamAndHowMuch() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] text = "hello".getBytes(StandardCharsets.UTF_8);
    new StreamFrames(out, true).write(OutputStreamKind.STDERR, text, 1, 3);
    assertThat(out.toByteArray()).isEqualTo(new byte[] {2, 0, 0, 0, 0, 0, 0, 3, 'e', 'l', 'l'});
  }
}
