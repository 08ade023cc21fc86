package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarTime;
import io.slipway.image.tar.TarWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the Engine API answers, as a table ({@code contract/commands.txt}): a real dockerd and this
 * program must both agree with each row. Debian's dockerd is older than the one this program
 * follows; where that shows, the row says what the old one does. Needs root.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EngineContract {
  private static final Path TABLE = Path.of("src/test/resources/contract/commands.txt");

  /** How containers of the table are called by the engine. */
  private static final String PREFIX = "cx-";

  private final Map<String, String> ids = new LinkedHashMap<>();
  private RawEngine engine;

  /** Starts an engine that has the image busybox; its socket. */
  abstract Path start(Path directory) throws IOException;

  abstract void stop();

  /** Whether the engine is the older dockerd. */
  abstract boolean isOlder();

  /** A row: what is sent, and the status and text that must come back. */
  record Row(String method, String target, String body, int status, String expected) {
    static Row parse(String line, boolean older) {
      String[] sides = line.split(" => ", 2);
      String[] answers = sides[1].split(" @old ", 2);
      String[] answer = (older && answers.length == 2 ? answers[1] : answers[0]).split(" ", 2);
      String[] request = sides[0].split(" ", 3);
      return new Row(
          request[0],
          request[1],
          request.length == 3 ? request[2] : "",
          Integer.parseInt(answer[0]),
          answer[1]);
    }
  }

  @BeforeAll
  void prepare(@TempDir Path temp) throws IOException {
    engine = new RawEngine(start(temp));
    container("run", "[\"sh\",\"-c\",\"echo x >/made; sleep 1000\"]", "", true);
    container("stopped", "[\"true\"]", "", true);
    container("paused", "[\"sleep\",\"1000\"]", "", true);
    container("made", "[\"true\"]", "", false);
    container(
        "readonly",
        "[\"true\"]",
        ",\"ReadonlyRootfs\":true,\"Binds\":[\"/tmp:/volume:ro\"]",
        false);
    ok("POST", "/containers/" + ids.get("paused") + "/pause", "");
    ok("POST", "/containers/" + ids.get("stopped") + "/wait", "");
    awaitFile("/containers/" + ids.get("run") + "/archive?path=/made");
  }

  private void container(String name, String command, String more, boolean start)
      throws IOException {
    String body =
        "{\"Image\":\"busybox\",\"Cmd\":%s,\"HostConfig\":{\"NetworkMode\":\"none\"%s}}"
            .formatted(command, more);
    RawEngine.Answer made = ok("POST", "/containers/create?name=" + PREFIX + name, body);
    ids.put(name, made.json().path("Id").asText());
    if (start) {
      ok("POST", "/containers/" + ids.get(name) + "/start", "");
    }
  }

  private void awaitFile(String target) throws IOException {
    long limit = System.nanoTime() + 30_000_000_000L;
    while (engine.send("HEAD", target, new byte[0], "").status() != 200) {
      assertThat(System.nanoTime()).as("the container's file").isLessThan(limit);
      Thread.onSpinWait();
    }
  }

  private RawEngine.Answer ok(String method, String target, String body) throws IOException {
    RawEngine.Answer answer =
        engine.send(method, target, body.getBytes(StandardCharsets.UTF_8), "application/json");
    assertThat(answer.status()).as(method + " " + target + ": " + answer.body()).isLessThan(300);
    return answer;
  }

  @AfterAll
  void end() throws IOException {
    try {
      for (String id : ids.values()) {
        ok("DELETE", "/containers/" + id + "?force=1&v=1", "");
      }
    } finally {
      stop();
    }
  }

  @TestFactory
  Stream<DynamicTest> answers() throws IOException {
    List<String> lines = Files.readAllLines(TABLE);
    return lines.stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> DynamicTest.dynamicTest(line, () -> check(Row.parse(named(line), isOlder()))));
  }

  /** The line with the containers' names and ids put in. */
  private String named(String line) {
    String text = line;
    for (Map.Entry<String, String> id : ids.entrySet()) {
      text = text.replace("{" + id.getKey() + ".id}", id.getValue());
      text = text.replace("{" + id.getKey() + "}", PREFIX + id.getKey());
    }
    return text;
  }

  private void check(Row row) throws IOException {
    boolean isTar = row.body().startsWith("tar:");
    byte[] body =
        isTar
            ? tar(row.body().substring("tar:".length()))
            : row.body().getBytes(StandardCharsets.UTF_8);
    RawEngine.Answer answer =
        engine.send(
            row.method(),
            encoded(row.target()),
            body,
            isTar ? "application/x-tar" : "application/json");
    assertThat(answer.status()).as(answer.body()).isEqualTo(row.status());
    if (row.expected().startsWith("fields ")) {
      JsonNode json = answer.json();
      for (String field : row.expected().substring("fields ".length()).split(",")) {
        assertThat(has(json, field)).as(field + " in " + answer.body()).isTrue();
      }
    } else if (row.expected().equals("empty")) {
      assertThat(answer.body()).isEmpty();
    } else if (row.expected().startsWith("~")) {
      assertThat(answer.message()).matches(row.expected().substring(1));
    } else if (!row.expected().equals("*")) {
      assertThat(answer.message()).isEqualTo(row.expected());
    }
  }

  /** JSON is written as it is in the table. */
  private static String encoded(String target) {
    int filters = target.indexOf("filters=");
    if (filters < 0) {
      return target;
    }
    int value = filters + "filters=".length();
    return target.substring(0, value)
        + URLEncoder.encode(target.substring(value), StandardCharsets.UTF_8);
  }

  private static boolean has(JsonNode json, String field) {
    JsonNode at = json;
    for (String name : field.split("\\.")) {
      at = name.equals("[0]") ? at.path(0) : at.path(name);
    }
    return !at.isMissingNode();
  }

  private static byte[] tar(String name) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarWriter tar = new TarWriter(out);
    tar.put(
        name.endsWith("/")
            ? TarEntry.directory(name.substring(0, name.length() - 1), 0755, TarTime.EPOCH)
            : TarEntry.file(name, 0644, 0, TarTime.EPOCH));
    tar.finish();
    return out.toByteArray();
  }

  /** Puts the test's base image into an engine. */
  static void importBase(Shell shell) {
    String tar = shell.run("samples/make-base", "busybox").text().strip();
    shell.run("docker", "import", tar, "busybox:latest").text();
  }
}
