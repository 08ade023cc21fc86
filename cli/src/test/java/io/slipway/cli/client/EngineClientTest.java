package io.slipway.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineClientTest {
  @TempDir Path temp;

  private static ByteArrayInputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String chunked(String wire) throws IOException {
    var in = bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + wire);
    HttpHead head = HttpHead.read(in);
    return new String(new HttpBody(in, head, false).readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void chunksAreJoined() throws IOException {
    assertThat(chunked("3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n")).isEqualTo("abcde");
  }

  @Test
  void aBodyThatIsCutIsNoWholeBody() {
    assertThatThrownBy(() -> chunked("5\r\nabc")).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> chunked("3\r\nabcX\r\n0\r\n\r\n"))
        .hasMessageContaining("does not end where it says");
  }

  @Test
  void framesGoToTheirStreams() throws IOException {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    String wire = "\1\0\0\0\0\0\0\2hi" + "\2\0\0\0\0\0\0\1!" + "\1\0\0\0\0\0\0\0";
    HijackedStream.copyFrames(bytes(wire), out, err);
    assertThat(out.toString()).isEqualTo("hi");
    assertThat(err.toString()).isEqualTo("!");
    assertThatThrownBy(() -> HijackedStream.copyFrames(bytes("\1\0\0\0\0\0\0\5hi"), out, err))
        .isInstanceOf(EOFException.class);
  }

  @Test
  void aRefusalCarriesTheDaemonsMessage() throws IOException {
    try (CannedDaemon daemon = new CannedDaemon(temp)) {
      daemon.answer("POST", 409, "{\"message\":\"Conflict.\"}");
      EngineClient client = new EngineClient(new EngineAddress.Unix(daemon.socket()));
      assertThatThrownBy(() -> client.post(Query.of("/x"), Map.of()))
          .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.status()).isEqualTo(409))
          .hasMessage("Conflict.");
    }
  }

  @Test
  void queriesAreEncoded() {
    assertThat(Query.of("/p").with("a b", "c&d+é").flag("f", true).ifPresent("none", "").target())
        .isEqualTo("/p?a%20b=c%26d%2B%C3%A9&f=1");
    assertThat(Query.segment("localhost:5000/a/b@sha256:1?x"))
        .isEqualTo("localhost:5000/a/b@sha256:1%3Fx");
  }

  @Test
  void addressesAreDockers() {
    assertThat(EngineAddress.parse("unix:///run/x.sock", Optional.empty()))
        .isEqualTo(new EngineAddress.Unix(Path.of("/run/x.sock")));
    assertThat(EngineAddress.parse("tcp://[::1]:2376", Optional.empty()))
        .isEqualTo(new EngineAddress.Tcp("::1", 2376));
    assertThatThrownBy(() -> EngineAddress.parse("http://host", Optional.empty()))
        .hasMessageContaining("unable to parse docker host \"http://host\"");
  }

  @Test
  void jsonIsPrintedAsGoIndentsIt() throws IOException {
    JsonValue value = JsonValue.read(bytes("{\"a\":[1,\"x\",{}],\"b\":null,\"c\":[],\"d\":true}"));
    assertThat(value.print(true))
        .isEqualTo(
            """
            {
                "a": [
                    1,
                    "x",
                    {}
                ],
                "b": null,
                "c": [],
                "d": true
            }\
            """);
    assertThat(value.print(false)).isEqualTo("{\"a\":[1,\"x\",{}],\"b\":null,\"c\":[],\"d\":true}");
  }
}
