package io.slipway.dockerfile.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipway.dockerfile.grammar.JsonText.ArrayForm;
import java.util.stream.StreamSupport;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Against Jackson, on texts that are nearly JSON. */
class JsonTextTest {

  private static final ObjectMapper JACKSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  @Provide
  Arbitrary<String> nearlyJson() {
    return Arbitraries.of(
            "\"a\"",
            "\"b c\"",
            "\"\\n\"",
            "\"\\u00e9\"",
            "\"\\x\"",
            "\"",
            ",",
            ",",
            "[",
            "]",
            "{",
            "}",
            ":",
            " ",
            "\t",
            "1",
            "01",
            "-1",
            "1.5",
            "1e3",
            "1e",
            ".5",
            "-",
            "true",
            "nul",
            "null",
            "x",
            "\\",
            "\"é\"")
        .list()
        .ofMaxSize(8)
        .map(parts -> "[" + String.join("", parts) + "]");
  }

  @Property(tries = 3000)
  void agreesOnWhatAnArrayIs(@ForAll("nearlyJson") String text) {
    assertThat(JsonText.arrayForm(text)).as(text).isEqualTo(jacksonForm(text));
  }

  private static ArrayForm jacksonForm(String text) {
    try {
      JsonNode tree = JACKSON.readTree(text);
      boolean strings =
          StreamSupport.stream(tree.spliterator(), false).allMatch(JsonNode::isTextual);
      return strings ? ArrayForm.STRINGS : ArrayForm.OTHER_ELEMENTS;
    } catch (JsonProcessingException e) {
      return ArrayForm.NOT_JSON;
    }
  }

  @Property(tries = 1000)
  void decodesWhatJacksonEncodes(@ForAll String text) throws JsonProcessingException {
    String clean = text.replaceAll("[\\uD800-\\uDFFF]", "");
    assertThat(JsonText.decode(JACKSON.writeValueAsString(clean))).isEqualTo(clean);
  }

  @Example
  void findsAMember() {
    assertThat(JsonText.member("{\"a\": {\"b\": \"no\"}, \"b\": \"yes\"}", "b")).contains("yes");
    assertThat(JsonText.member("{\"b\": 1}", "b")).isEmpty();
    assertThat(JsonText.member("{}", "b")).isEmpty();
    assertThat(JsonText.member("[\"b\"]", "b")).isEmpty();
  }
}
