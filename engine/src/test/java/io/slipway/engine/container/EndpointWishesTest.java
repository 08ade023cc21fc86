package io.slipway.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.engine.model.MountPoint;
import io.slipway.image.error.SlipwayException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointWishesTest {
  @ParameterizedTest
  @CsvSource({"db, db, db", "db:data, db, data", "/db:/web/data, db, data"})
  void readsLinks(String text, String container, String alias) {
    assertThat(EndpointWishes.Link.parse(text))
        .isEqualTo(new EndpointWishes.Link(container, alias));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":", "a:", ":b", "a:b:c"})
  void refusesOtherLinks(String text) {
    assertThatThrownBy(() -> EndpointWishes.Link.parse(text))
        .hasMessage("bad format for links: " + text);
  }

  private static MountPoint point(String type, String target, boolean rw) {
    return new MountPoint(type, "v", "/data" + target, target, "local", "", rw, "");
  }

  @Test
  void inheritsVolumesAndBindsWithAMode() {
    List<MountPoint> theirs =
        List.of(
            point("volume", "/a", true), point("bind", "/b", false), point("tmpfs", "/c", true));
    assertThat(InheritedMounts.of(List.of("other"), name -> theirs).keySet())
        .containsExactly("/a", "/b");
    Map<String, MountPoint> readOnly = InheritedMounts.of(List.of("other:ro"), name -> theirs);
    assertThat(readOnly.values()).noneMatch(MountPoint::rw);
    assertThat(InheritedMounts.of(List.of("other:rw"), name -> theirs).get("/b").rw()).isFalse();
  }

  @Test
  void wrongSourcesOfVolumesAreInvalidNotMissing() {
    assertThatThrownBy(() -> InheritedMounts.of(List.of("x:nope"), name -> List.of()))
        .hasMessage("invalid mode for volumes-from: nope");
    assertThatThrownBy(() ->
            InheritedMounts.of(
                List.of("x"),
                name -> {
                  throw SlipwayException.notFound("No such container: x");
                }))
        .hasMessage("No such container: x")
        .isInstanceOfSatisfying(
            SlipwayException.class,
            e -> assertThat(e.kind()).isEqualTo(io.slipway.image.error.ErrorKind.INVALID));
  }
}
