package io.slipway.registry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryNameTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "0",
        "abc/def",
        "a.b",
        "a_b",
        "a__b",
        "a-b",
        "a---b",
        "a/b/c/d",
        "blobs/uploads",
        "manifests",
        "tags/list",
        "a.b_c__d-e/f"
      })
  void accepts(String name) {
    assertThat(RepositoryName.tryParse(name)).contains(new RepositoryName(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "a/",
        "/a",
        "a//b",
        "A",
        "a.",
        ".a",
        "a..b",
        "a___b",
        "a_",
        "-a",
        "a-",
        "a._b",
        "a/../b",
        "..",
        "a b",
        "ä",
        "a%2fb",
        "a\u0000",
        "a/-b",
        "_catalog",
        "a.-b",
        "a-.b"
      })
  void refuses(String name) {
    assertThat(RepositoryName.tryParse(name)).isEmpty();
    assertThatThrownBy(() -> new RepositoryName(name))
        .isInstanceOfSatisfying(
            RegistryFault.class,
            fault -> assertThat(fault.code()).isEqualTo(ErrorCode.NAME_INVALID));
  }

  @Test
  void lengthIsLimited() {
    assertThat(RepositoryName.tryParse("a".repeat(240))).isPresent();
    assertThat(RepositoryName.tryParse("a".repeat(241))).isEmpty();
  }
}
