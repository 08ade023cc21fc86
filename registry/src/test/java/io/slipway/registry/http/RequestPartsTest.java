package io.slipway.registry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.model.MediaTypes;
import io.slipway.registry.config.ListenAddress;
import io.slipway.registry.store.RegistryFault;
import io.slipway.registry.store.TagCondition;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small readers of headers and queries, as tables. */
class RequestPartsTest {

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0-0",
    "bytes=500-1499, 500-1499",
    "bytes=500-, 500-2047",
    "bytes=-500, 1548-2047",
    "bytes=-5000, 0-2047",
    "bytes=2000-5000, 2000-2047",
    "bytes=2047-2047, 2047-2047",
    "bytes=0-99999999999999999999, 0-2047",
    "bytes=2048-, none",
    "bytes=5000-10000, none",
    "bytes=500-0, none",
    "bytes=-0, none",
    "bytes=99999999999999999999-, none",
    "'bytes=0-1,3-4', whole",
    "items=0-1, whole",
    "bytes=a-b, whole",
    "bytes=-, whole",
    "bytes=, whole",
    "bytes=1, whole",
    "bytes=--5, whole",
  })
  void byteRanges(String header, String expected) {
    assertThat(describe(ByteRange.parse(header, 2048))).isEqualTo(expected);
  }

  private static String describe(ByteRange range) {
    return switch (range) {
      case ByteRange.Whole whole -> "whole";
      case ByteRange.Unsatisfiable none -> "none";
      case ByteRange.Part part -> part.first() + "-" + part.last();
    };
  }

  @Test
  void rangesOfNothing() {
    assertThat(describe(ByteRange.parse(null, 0))).isEqualTo("whole");
    assertThat(describe(ByteRange.parse("bytes=0-", 0))).isEqualTo("none");
    assertThat(describe(ByteRange.parse("bytes=-1", 0))).isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5-9", "bytes 5-9", "bytes=5-9", "bytes 5-9/100", "5-9/*"})
  void contentRanges(String header) {
    assertThat(ContentRange.parse(header)).contains(new ContentRange(5, 9));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "9-5", "-5", "5-", "a-b", "0-99999999999999999999"})
  void malformedContentRanges(String header) {
    assertThatThrownBy(() -> ContentRange.parse(header)).isInstanceOf(RegistryFault.class);
  }

  @Test
  void absentContentRange() {
    assertThat(ContentRange.parse(null)).isEmpty();
    assertThat(new ContentRange(5, 9).length()).isEqualTo(5);
  }

  @Test
  void acceptMatrix() {
    String image = MediaTypes.DOCKER_MANIFEST;
    assertThat(wantsImage()).isFalse();
    assertThat(wantsImage(image)).isTrue();
    assertThat(wantsImage(MediaTypes.OCI_MANIFEST)).isTrue();
    assertThat(wantsImage(image + ";q=0.5, text/plain")).isTrue();
    assertThat(wantsImage(image, MediaTypes.OCI_INDEX)).isFalse();
    assertThat(wantsImage(image + ", " + MediaTypes.DOCKER_INDEX + ";q=0.1")).isFalse();
    assertThat(wantsImage(image + "," + MediaTypes.DOCKER_INDEX + ";q=0")).isTrue();
    assertThat(wantsImage(image, "*/*")).isFalse();
    assertThat(wantsImage(image + ", application/*")).isFalse();
    assertThat(wantsImage("text/html")).isFalse();
    assertThat(wantsImage("")).isFalse();
    assertThat(wantsImage(image.toUpperCase(java.util.Locale.ROOT))).isTrue();
  }

  private static boolean wantsImage(String... headers) {
    return AcceptedTypes.of(List.of(headers)).wantsImageOfIndex();
  }

  @Test
  void entityTags() {
    Digest digest = Digest.of(new byte[0]);
    String name = digest.toString();
    assertThat(EntityTags.unchanged(null, name)).isFalse();
    assertThat(EntityTags.unchanged("\"" + name + "\"", name)).isTrue();
    assertThat(EntityTags.unchanged(name, name)).isTrue();
    assertThat(EntityTags.unchanged("W/\"" + name + "\"", name)).isTrue();
    assertThat(EntityTags.unchanged("\"x\", \"" + name + "\"", name)).isTrue();
    assertThat(EntityTags.unchanged("*", name)).isTrue();
    assertThat(EntityTags.unchanged("\"x\"", name)).isFalse();
    assertThat(EntityTags.condition(null, null)).isEqualTo(new TagCondition.Always());
    assertThat(EntityTags.condition("*", null)).isEqualTo(new TagCondition.Exists());
    assertThat(EntityTags.condition(null, "*")).isEqualTo(new TagCondition.Absent());
    assertThat(EntityTags.condition("\"" + name + "\"", null))
        .isEqualTo(new TagCondition.OneOf(Set.of(digest)));
    assertThat(EntityTags.condition("\"x\"", null)).isEqualTo(new TagCondition.OneOf(Set.of()));
    assertThat(EntityTags.condition(null, name)).isEqualTo(new TagCondition.NoneOf(Set.of(digest)));
  }

  @Test
  void queries() {
    Query query = Query.of("/v2/?n=5&last=a%2Fb&tag=x&tag=y&type=a+b%2Bc&empty&=&%zz=%q");
    assertThat(query.count("n")).isEqualTo(OptionalInt.of(5));
    assertThat(query.count("none")).isEqualTo(OptionalInt.empty());
    assertThat(query.first("last")).contains("a/b");
    assertThat(query.all("tag")).containsExactly("x", "y");
    assertThat(query.first("type")).contains("a+b+c");
    assertThat(query.first("empty")).contains("");
    assertThat(query.first("%zz")).contains("%q");
    assertThat(Query.of("/v2/").first("n")).isEmpty();
    assertThat(Query.of("/v2/?").first("n")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "a", "", "1.5", "0x1", "+1", " 1"})
  void malformedCounts(String n) {
    assertThatThrownBy(() -> Query.of("/?n=" + n).count("n")).isInstanceOf(RegistryFault.class);
  }

  @Test
  void hugeCountsAreClamped() {
    assertThat(Query.of("/?n=99999999999999").count("n"))
        .isEqualTo(OptionalInt.of(Integer.MAX_VALUE));
  }

  @Test
  void percentRoundTrip() {
    String text = "a b+c/ü%&=?:#";
    assertThat(Percent.decode(Percent.encode(text))).isEqualTo(text);
    assertThat(Percent.encode(text)).doesNotContain(" ").doesNotContain("&").doesNotContain("+");
  }

  @Test
  void listenAddresses() {
    assertThat(ListenAddress.parse("127.0.0.1:5000"))
        .isEqualTo(new ListenAddress("127.0.0.1", 5000));
    assertThat(ListenAddress.parse("[::1]:0")).isEqualTo(new ListenAddress("::1", 0));
    assertThat(ListenAddress.parse("[::1]:0")).hasToString("[::1]:0");
    assertThat(ListenAddress.parse(":5000")).isEqualTo(new ListenAddress("0.0.0.0", 5000));
    for (String bad : List.of("", "5000", "a", "a:", "a:b", "::1:5000", "a:-1", "a:70000")) {
      assertThatThrownBy(() -> ListenAddress.parse(bad)).isInstanceOf(SlipwayException.class);
    }
  }
}
