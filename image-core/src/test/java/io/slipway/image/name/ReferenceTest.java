package io.slipway.image.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceTest {
  private static final String HEX =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @ParameterizedTest
  @CsvSource({
    "busybox, docker.io/library/busybox, busybox",
    "busybox:1.36, docker.io/library/busybox:1.36, busybox:1.36",
    "a/b, docker.io/a/b, a/b",
    "docker.io/busybox, docker.io/library/busybox, busybox",
    "index.docker.io/library/busybox:x, docker.io/library/busybox:x, busybox:x",
    "docker.io/library/a/b, docker.io/library/a/b, library/a/b",
    "localhost/x, localhost/x, localhost/x",
    "localhost:5000/a/b:T_1.2-3, localhost:5000/a/b:T_1.2-3, localhost:5000/a/b:T_1.2-3",
    "127.0.0.1:5000/x, 127.0.0.1:5000/x, 127.0.0.1:5000/x",
    "[::1]:5000/x:y, [::1]:5000/x:y, [::1]:5000/x:y",
    "Host/x, Host/x, Host/x",
    "ghcr.io/o/r--s__t.u:v, ghcr.io/o/r--s__t.u:v, ghcr.io/o/r--s__t.u:v",
    "x:5000, docker.io/library/x:5000, x:5000",
  })
  void normalises(String text, String full, String familiar) {
    Reference reference = Reference.parse(text);
    assertThat(reference).hasToString(full);
    assertThat(reference.familiar()).isEqualTo(familiar);
    assertThat(Reference.parse(full)).isEqualTo(reference);
    assertThat(Reference.parse(familiar)).isEqualTo(reference);
  }

  @Test
  void keepsTagAndDigest() {
    Reference reference = Reference.parse("x:1@sha256:" + HEX);
    assertThat(reference.tag()).contains("1");
    assertThat(reference.manifestReference()).isEqualTo("sha256:" + HEX);
    assertThat(reference).hasToString("docker.io/library/x:1@sha256:" + HEX);
  }

  @Test
  void addsLatestOnlyWithoutTagAndDigest() {
    assertThat(Reference.parseWithDefaultTag("x").familiar()).isEqualTo("x:latest");
    assertThat(Reference.parseWithDefaultTag("x:1").familiar()).isEqualTo("x:1");
    assertThat(Reference.parseWithDefaultTag("x@sha256:" + HEX).tag()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "library/Foo | invalid reference format: repository name (library/Foo) must be lowercase",
        "Foo | invalid reference format: repository name (library/Foo) must be lowercase",
        "localhost:5000/A | invalid reference format: repository name (A) must be lowercase",
        "'' | invalid reference format",
        "a: | invalid reference format",
        ":a | invalid reference format",
        "a//b | invalid reference format",
        "a/ | invalid reference format",
        "-a | invalid reference format",
        "a___b | invalid reference format",
        "a b | invalid reference format",
        "http://h/x | invalid reference format",
        "x@sha256:12 | invalid reference format",
        "x@sha256:0123456789abcdef0123456789abcdef | invalid checksum digest length",
        "x@sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855 | invalid"
            + " reference format",
        "x@md5:0123456789abcdef0123456789abcdef | unsupported digest algorithm",
        HEX
            + " | invalid repository name ("
            + HEX
            + "), cannot specify 64-byte hexadecimal strings",
      })
  void refusesWithDockersWords(String text, String message) {
    assertThatThrownBy(() -> Reference.parse(text))
        .isInstanceOf(SlipwayException.class)
        .hasMessage(message);
  }

  @Test
  void boundsLength() {
    assertThatThrownBy(() -> Reference.parse("a/".repeat(100_000) + "a"))
        .hasMessage("repository name must not be more than 255 characters");
    assertThatThrownBy(() -> Reference.parse("a:" + "b".repeat(129)))
        .hasMessage("invalid reference format");
    assertThat(Reference.parse("a:" + "b".repeat(128)).tag()).isPresent();
  }
}
