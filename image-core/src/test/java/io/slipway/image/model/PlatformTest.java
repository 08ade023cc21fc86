package io.slipway.image.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {
  @ParameterizedTest
  @CsvSource({
    "linux/amd64, linux/amd64",
    "linux/x86_64, linux/amd64",
    "linux/aarch64, linux/arm64",
    "linux/arm64/v8, linux/arm64",
    "linux/arm, linux/arm/v7",
    "linux/armhf, linux/arm/v7",
    "linux/arm/6, linux/arm/v6",
    "Linux/AMD64, linux/amd64",
    "linux/i386, linux/386",
    "windows/amd64, windows/amd64",
    "riscv64, linux/riscv64",
  })
  void parses(String text, String expected) {
    assertThat(Platform.parse(text)).hasToString(expected);
  }

  @Test
  void refusesTooManyPartsAndEmptyOnes() {
    for (String text : new String[] {"", "a/b/c/d", "linux//v7", "li nux/amd64"}) {
      assertThatThrownBy(() -> Platform.parse(text)).hasMessageContaining("invalid platform");
    }
  }

  @Test
  void hostIsLinux() {
    assertThat(Platform.host().os()).isEqualTo("linux");
    assertThat(Platform.parse("linux")).isEqualTo(Platform.host());
  }
}
