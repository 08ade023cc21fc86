package io.slipway.engine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {
  @ParameterizedTest
  @CsvSource({
    "a=1, true",
    "a=true, true",
    "a=True, true",
    "a=anything, true",
    "a=, false",
    "a, false",
    "a=0, false",
    "a=no, false",
    "a=False, false",
    "a=none, false",
    "b=1, false"
  })
  void readsBooleans(String query, boolean expected) {
    assertThat(Query.parse(query).flag("a")).isEqualTo(expected);
  }

  @Test
  void anAbsentBooleanMayDefaultToTrue() {
    assertThat(Query.parse("").flag("rm", true)).isTrue();
    assertThat(Query.parse("rm=0").flag("rm", true)).isFalse();
  }

  @Test
  void decodesAndKeepsRepeatedValues() {
    Query query = Query.parse("t=a%2Fb%3A1&t=c+d&x=1=2");
    assertThat(query.all("t")).containsExactly("a/b:1", "c d");
    assertThat(query.text("x")).isEqualTo("1=2");
    assertThat(query.first("y")).isEmpty();
  }

  @Test
  void readsNumbers() {
    assertThat(Query.parse("t=10").number("t")).hasValue(10);
    assertThat(Query.parse("t=-1").number("t")).hasValue(-1);
    assertThat(Query.parse("t=").number("t")).isEmpty();
    assertThatThrownBy(() -> Query.parse("t=x").number("t")).hasMessage("invalid value for t: x");
    assertThatThrownBy(() -> Query.parse("t=%zz")).hasMessageContaining("invalid URL escape");
  }

  @Test
  void readsBothShapesOfFilters() {
    Filters go = Filters.parse("{\"label\":{\"a=b\":true,\"c\":true,\"d\":false}}");
    Filters java = Filters.parse("{\"label\":[\"a=b\",\"c\"]}");
    assertThat(go.values("label")).isEqualTo(java.values("label")).isEqualTo(Set.of("a=b", "c"));
    assertThat(go.labelsMatch("label", Map.of("a", "b", "c", ""))).isTrue();
    assertThat(go.labelsMatch("label", Map.of("a", "x", "c", ""))).isFalse();
    assertThat(Filters.parse("").isEmpty()).isTrue();
  }

  @Test
  void namesAnUnknownFilter() {
    Filters filters = Filters.parse("{\"foo\":[\"1\"]}");
    assertThatThrownBy(() -> filters.accept(Set.of("label"))).hasMessage("invalid filter 'foo'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[]", "\"x\"", "{\"a\":1}", "{\"a\":[1]}", "nope"})
  void refusesMalformedFilters(String json) {
    assertThatThrownBy(() -> Filters.parse(json)).hasMessage("invalid filter");
  }

  @Test
  void readsFilterFlags() {
    assertThat(Filters.parse("{\"dangling\":{\"true\":true}}").flag("dangling", false)).isTrue();
    assertThat(Filters.parse("{\"dangling\":[\"0\"]}").flag("dangling", true)).isFalse();
    assertThat(Filters.parse("").flag("dangling", true)).isTrue();
    assertThatThrownBy(() -> Filters.parse("{\"dangling\":[\"x\"]}").flag("dangling", true))
        .hasMessage("invalid filter 'dangling=[x]'");
  }
}
