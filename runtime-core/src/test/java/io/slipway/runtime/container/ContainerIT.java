package io.slipway.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContainerIT extends ContainerFixture {
  @Test
  void runsAProgram() throws Exception {
    Result result = shell("echo hello; exit 7");
    assertThat(result.out()).isEqualTo("hello\n");
    assertThat(result.code()).isEqualTo(7);
  }
}
