package io.slipway.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CopyPathTest {
  @ParameterizedTest
  @CsvSource({
    "/a/b, /a, b",
    "/a/b/, /a, b",
    "/a/b/., /a/b, .",
    "a, ., a",
    "., ., .",
    "/, /, /",
    "/a, /, a",
    "a/../b, ., b",
  })
  void splits(String path, String directory, String base) {
    assertThat(CopyPath.of(path)).isEqualTo(new CopyPath(directory, base));
  }

  /** Docker's table: source, destination, then where it is unpacked and as what. */
  @ParameterizedTest
  @CsvSource({
    "/s, dir, /d, dir, /d, ''",
    "/s, file, /d, dir, /d, ''",
    "/s, file, /d/x, file, /d, x",
    "/s, file, /d/x, none, /d, x",
    "/s, dir, /d/x, none, /d, x",
    "/s, dir, /d/x/, none, /d, x",
  })
  void targets(
      String source, String kind, String to, String toKind, String directory, String name) {
    assertThat(CopyPath.target(end(source, kind), end(to, toKind)))
        .isEqualTo(new CopyPath.Target(directory, name));
  }

  @ParameterizedTest
  @CsvSource({
    "/s, dir, /d, file, cannot copy directory",
    "/s, file, /d/, none, no such directory",
    "/s, file, /d/., none, no such directory",
  })
  void refuses(String source, String kind, String to, String toKind, String message) {
    assertThatThrownBy(() -> CopyPath.target(end(source, kind), end(to, toKind)))
        .hasMessage(message);
  }

  private static CopyPath.End end(String path, String kind) {
    return new CopyPath.End(path, !kind.equals("none"), kind.equals("dir"));
  }
}
