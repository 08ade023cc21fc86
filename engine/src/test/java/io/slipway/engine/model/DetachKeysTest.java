package io.slipway.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetachKeysTest {
  private static String passed(DetachKeys keys, String... typed) {
    StringBuilder all = new StringBuilder();
    for (String part : typed) {
      byte[] bytes = part.getBytes(StandardCharsets.ISO_8859_1);
      all.append(new String(keys.filter(bytes, bytes.length), StandardCharsets.ISO_8859_1));
    }
    return all.toString();
  }

  @Test
  void findsTheDefaultKeysAlsoInPieces() {
    DetachKeys keys = DetachKeys.parse("");
    assertThat(passed(keys, "ab\020", "\021cd")).isEqualTo("ab");
    assertThat(keys.found()).isTrue();
  }

  @Test
  void passesOnWhatOnlyBeginsLikeThem() {
    DetachKeys keys = DetachKeys.parse("");
    assertThat(passed(keys, "\020x", "\020", "\020y")).isEqualTo("\020x\020\020y");
    assertThat(keys.found()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"'a,b', ab, ''", "ctrl-a, x\001y, x", "ctrl-@, x\000y, x", "'ctrl-[,z', '\033z', ''"})
  void readsKeys(String text, String typed, String passed) {
    DetachKeys keys = DetachKeys.parse(text);
    assertThat(passed(keys, typed)).isEqualTo(passed);
    assertThat(keys.found()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"ctrl-", "ctrl-1", "abc", "'a,,b'"})
  void refusesOthers(String text) {
    assertThatThrownBy(() -> DetachKeys.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Unknown character: ");
  }
}
