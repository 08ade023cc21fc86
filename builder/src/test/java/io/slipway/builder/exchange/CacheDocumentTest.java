package io.slipway.builder.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What others may have put where a cache is looked for. */
class CacheDocumentTest {
  private static final String DIGEST =
      "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @Test
  void isReadAsItWasWritten() {
    var document =
        new CacheDocument(
            CacheDocument.VERSION,
            List.of(new CacheDocument.Layer(DIGEST, 0, 7)),
            List.of(new CacheDocument.Result(DIGEST, List.of(DIGEST), "RUN x", List.of(0))),
            List.of(new CacheDocument.Mount("deps", 0755, 1, 2, 0)));
    assertThat(CacheDocument.parse(document.bytes())).isEqualTo(document);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "^^ | build cache cannot be read",
        "null | build cache cannot be read",
        "nonsense | build cache cannot be read",
        "[] | build cache cannot be read",
        "{} | build cache of unknown version 0",
        "{\"version\":2} | build cache of unknown version 2",
        "{\"version\":1,\"layers\":[null]} | build cache cannot be read",
        "{\"version\":1,\"layers\":[{}]} | build cache cannot be read",
        "{\"version\":1,\"layers\":[{\"diffId\":\"../../etc\"}]} | build cache cannot be read",
        "{\"version\":1,\"layers\":[{\"diffId\":\"sha256:0\"}]} | build cache cannot be read",
        "{\"version\":1,\"results\":[{}]} | build cache cannot be read",
        "{\"version\":1,\"results\":[{\"key\":\"DIGEST\",\"names\":[\"x\"]}]} | build cache cannot",
        "{\"version\":1,\"results\":[{\"key\":\"DIGEST\",\"names\":[null]}]} | build cache cannot",
        "{\"version\":1,\"results\":[{\"key\":\"DIGEST\",\"layers\":[0]}]} | names layer 0 that it",
        "{\"version\":1,\"results\":[{\"key\":\"DIGEST\",\"layers\":[-1]}]} | names layer -1 that",
        "{\"version\":1,\"mounts\":[{\"mode\":5}]} | build cache cannot be read",
        "{\"version\":1,\"mounts\":\"x\"} | build cache cannot be read"
      })
  void saysWhatIsWrong(String text, String sentence) {
    String document = text.replace("DIGEST", DIGEST);
    assertThatThrownBy(() -> CacheDocument.parse(Bytes.utf8(document)))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining(sentence);
  }
}
