package io.slipway.builder.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.model.Platform;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What counts for a key and what does not. */
class IdentityTest {
  private static final Exec EXEC =
      new Exec(
          List.of("sh", "-c", "x"),
          List.of("A=1"),
          "/",
          "",
          NetworkMode.DEFAULT,
          false,
          Exec.DEFAULT_HOSTNAME,
          List.of(),
          Exec.Hints.NONE);

  private static Exec with(Exec.Hints hints, ExecMount... mounts) {
    return new Exec(
        EXEC.arguments(),
        EXEC.environment(),
        EXEC.workingDirectory(),
        EXEC.user(),
        EXEC.network(),
        false,
        EXEC.hostname(),
        List.of(mounts),
        hints);
  }

  private static Exec.Hints hosts(String name, String address) {
    return new Exec.Hints(
        List.of("HTTP_PROXY=x"), List.of(new HostEntry(name, address)), OptionalLong.of(1));
  }

  @Test
  void partsCannotRunOver() {
    var one = new Identity("k", List.of(new Identity.Part("ab", "c")));
    var other = new Identity("k", List.of(new Identity.Part("a", "bc")));
    assertThat(one.digest()).isNotEqualTo(other.digest());
  }

  @Test
  void proxiesAndAddressesDoNotCountButHostNamesDo() {
    assertThat(with(hosts("h", "1.1.1.1")).identity())
        .isEqualTo(with(hosts("h", "2.2.2.2")).identity())
        .isNotEqualTo(with(hosts("g", "1.1.1.1")).identity());
    assertThat(with(new Exec.Hints(List.of("HTTP_PROXY=x"), List.of(), OptionalLong.of(5))))
        .extracting(Exec::identity)
        .isEqualTo(EXEC.identity());
  }

  @Test
  void theNameOfACacheDoesNotCountButThatItHasOneDoes() {
    assertThat(with(Exec.Hints.NONE, cache("a", true)).identity())
        .isEqualTo(with(Exec.Hints.NONE, cache("b", true)).identity())
        .isNotEqualTo(with(Exec.Hints.NONE, cache("a", false)).identity());
  }

  private static ExecMount cache(String id, boolean custom) {
    return new ExecMount.Cache(
        id,
        custom,
        "/c",
        ExecMount.Sharing.SHARED,
        false,
        java.util.OptionalInt.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.empty());
  }

  @Test
  void contentStandsForTheSourcePath() {
    assertThat(copy("/a/f").contentIdentity()).isEqualTo(copy("/b/f").contentIdentity());
    assertThat(copy("/a/f").identity()).isNotEqualTo(copy("/b/f").identity());
  }

  private static FileActions copy(String source) {
    return new FileActions(
        List.of(
            new FileAction.Copy(
                1, source, true, "/d", Optional.empty(), Optional.empty(), false, List.of())));
  }

  @Test
  void labelsAreNotInADigestButIgnoringTheCacheIs() {
    var platform = new Platform("linux", "amd64");
    Vertex base = Vertex.of(Op.ImageSource.scratch(platform), List.of(), StepInfo.internal("base"));
    Vertex one = Vertex.of(EXEC, List.of(base), StepInfo.internal("one"));
    Vertex two = Vertex.of(EXEC, List.of(base), StepInfo.internal("two"));
    Vertex fresh = Vertex.of(EXEC, List.of(base), new StepInfo("one", "", Optional.empty(), true));
    assertThat(one).isEqualTo(two).isNotEqualTo(fresh);
  }
}
