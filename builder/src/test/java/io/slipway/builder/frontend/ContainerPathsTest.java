package io.slipway.builder.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerPathsTest {

  @ParameterizedTest
  @CsvSource({
    "/w, a, /w/a",
    "/w, /a/, /a/",
    "/w, ., /w/",
    "/w, '', /w/",
    "/w, a/., /w/a/",
    "/w, ../../../a, /a",
    "/, ., /",
    "/, a//b, /a/b"
  })
  void destinations(String directory, String path, String resolved) {
    assertThat(ContainerPaths.resolveDestination(directory, path)).isEqualTo(resolved);
  }
}
