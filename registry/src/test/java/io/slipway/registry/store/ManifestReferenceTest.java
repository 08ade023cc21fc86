package io.slipway.registry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestReferenceTest {
  private static final String HEX = "0123456789abcdef".repeat(4);

  @Test
  void colonMarksADigest() {
    assertThat(ManifestReference.parse("sha256:" + HEX))
        .isInstanceOf(ManifestReference.ByDigest.class)
        .hasToString("sha256:" + HEX);
    assertThat(ManifestReference.parse("sha512:" + HEX + HEX))
        .isInstanceOf(ManifestReference.ByDigest.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest", "1.0", "_x", "A-b.C_d", "sha256-abc"})
  void tags(String tag) {
    assertThat(ManifestReference.parse(tag)).isEqualTo(new ManifestReference.ByTag(tag));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".a", "-a", "a b", "a/b", "ä", "a\n"})
  void malformedTags(String text) {
    assertThatThrownBy(() -> ManifestReference.parse(text))
        .isInstanceOfSatisfying(
            RegistryFault.class,
            fault -> assertThat(fault.code()).isEqualTo(ErrorCode.TAG_INVALID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sha256:baddigeststring", "sha256:", ":", "md5:00", "SHA256:00", "sha256:ABCD"})
  void malformedDigests(String text) {
    assertThatThrownBy(() -> ManifestReference.parse(text))
        .isInstanceOfSatisfying(
            RegistryFault.class,
            fault -> assertThat(fault.code()).isEqualTo(ErrorCode.DIGEST_INVALID));
  }

  @Test
  void tagsHaveAtMost128Characters() {
    assertThat(ManifestReference.parse("a".repeat(128))).isNotNull();
    assertThatThrownBy(() -> ManifestReference.parse("a".repeat(129)))
        .isInstanceOf(RegistryFault.class);
  }
}
