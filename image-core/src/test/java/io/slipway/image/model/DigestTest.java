package io.slipway.image.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
  private static final String EMPTY =
      "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @Test
  void hashesAndPrints() {
    assertThat(Digest.of(new byte[0])).hasToString(EMPTY).isEqualTo(Digest.parse(EMPTY));
    assertThat(Digest.of(DigestAlgorithm.SHA512, new byte[0]).toString())
        .startsWith("sha512:cf83e1357eefb8bd")
        .hasSize(135);
    assertThat(Digest.parse(EMPTY).shortHex()).isEqualTo("e3b0c44298fc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha256:",
        "sha256",
        "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85",
        "sha256:../../../../../../../../../../../../../../../../../../../../etc/pa",
        "sha512:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "md5:d41d8cd98f00b204e9800998ecf8427e"
      })
  void refusesWhatIsNone(String text) {
    assertThat(Digest.tryParse(text)).isEmpty();
    assertThatThrownBy(() -> Digest.parse(text)).hasMessage("invalid digest \"" + text + "\"");
  }

  @Test
  void chainsLayersAsTheSpecSays() {
    Digest a = Digest.of("a".getBytes(StandardCharsets.UTF_8));
    Digest b = Digest.of("b".getBytes(StandardCharsets.UTF_8));
    ChainId ab = ChainId.first(a).then(b);
    assertThat(ab.digest()).isEqualTo(Digest.of((a + " " + b).getBytes(StandardCharsets.UTF_8)));
    assertThat(ChainId.all(List.of(a, b))).containsExactly(new ChainId(a), ab);
    assertThat(ChainId.of(List.of())).isEmpty();
  }
}
