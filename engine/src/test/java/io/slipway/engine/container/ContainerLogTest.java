package io.slipway.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.engine.http.Cancellation;
import io.slipway.engine.http.Query;
import io.slipway.engine.model.HostConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ContainerLogTest {
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.6Z");

  @TempDir Path directory;
  private ContainerLog log;

  @BeforeEach
  void open() throws IOException {
    open("{}", "");
  }

  private void open(String options, String details) throws IOException {
    HostConfig.LogConfig config =
        TestRecords.json(
            "{'Type':'json-file','Config':" + options + "}", HostConfig.LogConfig.class);
    log =
        new ContainerLog(
            new LogFiles(directory.resolve("log"), LogOptions.of(config)),
            details,
            Clock.fixed(TIME, ZoneOffset.UTC));
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
    assertThat(Files.readString(log.files().file()))
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
    assertThat(Files.readAllLines(log.files().file())).hasSize(4);
  }

  @Test
  void cutsLongLinesWithoutLosingAByte() throws Exception {
    String line = "0123456789".repeat(10_000) + "\n";
    out(line);
    log.close();
    assertThat(Files.readAllLines(log.files().file())).hasSize(7);
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
    assertThat(read("stdout=1&timestamps=1")).isEqualTo("2026-01-02T03:04:05.600000000Z x\n");
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

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  /** Lines of 100 bytes in the file. */
  private String lines(int from, int to) throws IOException {
    StringBuilder all = new StringBuilder();
    for (int i = from; i < to; i++) {
      String line = "line %05d ".formatted(i) + "x".repeat(26) + "\n";
      out(line);
      all.append(line);
    }
    return all.toString();
  }

  @Test
  void rotatesAtTheSizeAndKeepsSoManyFiles() throws Exception {
    open("{'max-size':'1k','max-file':'3'}", "");
    String all = lines(0, 35);
    assertThat(names()).containsExactly("log", "log.1", "log.2");
    assertThat(Files.size(directory.resolve("log.1"))).isEqualTo(1000);
    assertThat(read("stdout=1")).isEqualTo(all.substring(all.indexOf("line 00010")));
    assertThat(read("stdout=1&tail=1")).startsWith("line 00034").hasLineCount(1);
    assertThat(read("stdout=1&tail=5")).startsWith("line 00030").hasLineCount(5);
    assertThat(read("stdout=1&tail=6")).startsWith("line 00029").hasLineCount(6);
    assertThat(read("stdout=1&tail=15")).startsWith("line 00020").hasLineCount(15);
    assertThat(read("stdout=1&tail=16")).startsWith("line 00019").hasLineCount(16);
    assertThat(read("stdout=1&tail=99")).startsWith("line 00010").hasLineCount(25);
  }

  @Test
  void givesTheTailOfALogThatGrows() throws Exception {
    open("{'max-size':'1m','max-file':'3'}", "");
    out("first\n");
    Thread writer = Thread.ofPlatform().start(() -> writeOnUntilInterrupted("line\n"));
    try {
      for (int i = 0; i < 500; i++) {
        assertThat(read("stdout=1&tail=1")).hasLineCount(1);
      }
    } finally {
      writer.interrupt();
      writer.join();
    }
  }

  private void writeOnUntilInterrupted(String line) {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        out(line);
      } catch (ClosedByInterruptException e) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void keepsOneFileIfNoMoreAreWanted() throws Exception {
    open("{'max-size':'1k'}", "");
    lines(0, 25);
    assertThat(names()).containsExactly("log");
    assertThat(read("stdout=1")).startsWith("line 00020").hasLineCount(5);
  }

  @Test
  void packsWhatIsRotated() throws Exception {
    open("{'max-size':'1k','max-file':'4','compress':'true'}", "");
    String all = lines(0, 35);
    log.files().rotate();
    log.close();
    assertThat(read("stdout=1")).isEqualTo(all.substring(all.indexOf("line 00010")));
    assertThat(read("stdout=1&tail=7")).startsWith("line 00028").hasLineCount(7);
    assertThat(read("stdout=1&tail=5")).startsWith("line 00030").hasLineCount(5);
    assertThat(names()).contains("log", "log.2.gz", "log.3.gz");
  }

  @Test
  void aNextRunGoesOnWithTheSameFiles() throws Exception {
    open("{'max-size':'1k','max-file':'3'}", "");
    String all = lines(0, 15);
    log.close();
    Files.writeString(directory.resolve("log"), "{\"log\":\"torn", StandardOpenOption.APPEND);
    open("{'max-size':'1k','max-file':'3'}", "");
    all += lines(15, 27);
    assertThat(read("stdout=1")).isEqualTo(all);
    assertThat(names()).containsExactly("log", "log.1", "log.2");
  }

  @Test
  void skipsDamagedLines() throws Exception {
    out("one\n");
    Files.writeString(directory.resolve("log"), "{\"log\":\"torn\n", StandardOpenOption.APPEND);
    log.close();
    log.open();
    out("two\n");
    assertThat(read("stdout=1")).isEqualTo("one\ntwo\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'max-size':'20k','max-file':'1000'}",
        "{'max-size':'200k','max-file':'100','compress':'true'}"
      })
  void followsAcrossRotationWithoutLosingOrDoublingALine(String options) throws Exception {
    open(options, "");
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    CompletableFuture<Void> following = follow(seen);
    String all = lines(0, 20_000);
    log.close();
    following.get(20, TimeUnit.SECONDS);
    assertThat(seen.toString(StandardCharsets.UTF_8)).isEqualTo(all);
    assertThat(read("stdout=1")).isEqualTo(all);
  }

  private CompletableFuture<Void> follow(ByteArrayOutputStream seen) {
    return CompletableFuture.runAsync(() -> {
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
  }

  @Test
  void aReaderThatNeverReadsHoldsNobodyUp() throws Exception {
    open("{'max-size':'1k','max-file':'2'}", "");
    CompletableFuture<Void> stuck = new CompletableFuture<>();
    OutputStream never =
        new OutputStream() {
          @Override
          public void write(int b) {
            stuck.join();
          }
        };
    out("first\n");
    Thread.ofVirtual()
        .start(() -> {
          try {
            new LogReader(
                    log,
                    LogQuery.parse(Query.parse("stdout=1&follow=1")),
                    new StreamFrames(never, false))
                .run(new Cancellation());
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    lines(0, 5000);
    assertThat(read("stdout=1&tail=1")).startsWith("line 04999");
    assertThat(names()).containsExactly("log", "log.1");
    stuck.complete(null);
  }

  @Test
  void aFullDiskEndsNothingButTheLog() throws Exception {
    log.close();
    Files.delete(directory.resolve("log"));
    Files.createSymbolicLink(directory.resolve("log"), Path.of("/dev/full"));
    log.open();
    assertThatThrownBy(() -> out("one\n")).hasMessageContaining("No space left");
    out("no newline");
    assertThatThrownBy(log::close).hasMessageContaining("No space left");
    assertThat(log.isOpen()).isFalse();
    Files.delete(directory.resolve("log"));
    log.open();
    out("two\n");
    assertThat(read("stdout=1")).isEqualTo("two\n");
  }

  @Test
  void writesDetailsBesideTheLines() throws Exception {
    open("{}", "{\"a b\":\"1\",\"note\":\"\\\"}, \\\"time\\\":\"}");
    out("x\n");
    out("\"time\":\"y\"\n");
    log.close();
    assertThat(Files.readString(directory.resolve("log")))
        .startsWith("{\"log\":\"x\\n\",\"stream\":\"stdout\",\"attrs\":{\"a b\":\"1\",")
        .contains("},\"time\":\"2026-01-02T03:04:05.6Z\"}");
    assertThat(read("stdout=1")).isEqualTo("x\n\"time\":\"y\"\n");
    assertThat(read("stdout=1&details=1").lines().findFirst())
        .contains("a+b=1,note=%22%7D%2C+%22time%22%3A x");
    assertThat(read("stdout=1&details=1&timestamps=1&tail=1"))
        .startsWith("2026-01-02T03:04:05.600000000Z a+b=1,");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "json-file|{'max-size':'10m','max-file':'3','compress':'true'}|10000000 3 true",
        "json-file|{}|9223372036854775807 1 false",
        "json-file|{'max-file':'3'}|9223372036854775807 3 false",
        "json-file|{'max-size':'1.5kB','labels':'a','env':'b','tag':'{{.Name}}/{{.ID}}'}|1500 1"
            + " false",
        "local|{}|20000000 5 true",
        "local|{'max-file':'1'}|20000000 1 false",
        "local|{'max-size':'5m','compress':'false','mode':'non-blocking'}|5000000 5 false",
        "none|{}|9223372036854775807 1 false"
      })
  void understandsOptions(String driver, String options, String expected) throws IOException {
    LogOptions read =
        LogOptions.of(
            TestRecords.json(
                "{'Type':'" + driver + "','Config':" + options + "}", HostConfig.LogConfig.class));
    assertThat(read.maxBytes() + " " + read.maxFiles() + " " + read.compress()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "journald|{}|log driver 'journald' is not supported by this engine",
        "nosuch|{}|logger: no log driver named 'nosuch' is registered",
        "json-file|{'max-sizes':'1m'}|unknown log opt 'max-sizes' for json-file log driver",
        "local|{'labels':'a'}|unknown log opt 'labels' for local log driver",
        "json-file|{'max-size':'much'}|invalid value for log opt max-size: 'much'",
        "json-file|{'max-size':'0'}|max-size must be a positive number",
        "json-file|{'max-size':'1m','max-file':'0'}|max-file cannot be less than 1",
        "json-file|{'max-file':'x'}|invalid value for log opt max-file: 'x'",
        "json-file|{'compress':'true'}|compress cannot be true when max-file is less than 2",
        "json-file|{'compress':'maybe'}|invalid value for log opt compress: 'maybe'",
        "json-file|{'mode':'fast'}|logger: logging mode not supported: fast",
        "json-file|{'max-buffer-size':'1m'}|only supported with 'mode=non-blocking'",
        "json-file|{'labels-regex':'('}|invalid log opt labels-regex",
        "json-file|{'tag':'{{.Nope}}'}|unknown field {{.Nope}}",
        "json-file|{'tag':'{{if .ID}}'}|only fields such as {{.Name}}"
      })
  void refusesOptions(String driver, String options, String message) {
    assertThatThrownBy(() ->
            LogOptions.of(
                TestRecords.json(
                    "{'Type':'" + driver + "','Config':" + options + "}",
                    HostConfig.LogConfig.class)))
        .hasMessageContaining(message);
  }

  @Test
  void takesDetailsFromLabelsAndVariables() throws IOException {
    assertThat(
            LogOptions.details(
                TestRecords.record(
                    "{'Labels':{'team':'x','other':'y','tier.a':'z'},'Env':['STAGE=dev','B=c'],"
                        + "'Image':'busybox'}",
                    "{'LogConfig':{'Type':'json-file','Config':{'labels':'team,nope',"
                        + "'labels-regex':'^tier','env':'STAGE','tag':'{{.Name}}@{{.ImageName}}'}}}")))
        .isEqualTo(Map.of("team", "x", "tier.a", "z", "STAGE", "dev", "tag", "tested@busybox"));
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
