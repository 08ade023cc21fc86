package io.slipway.builder.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.builder.graph.Vertex;
import io.slipway.dockerfile.parse.DockerfileParser;
import io.slipway.image.model.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class StepNamesTest {
  private static final String DOCKERFILE =
      """
      FROM --platform=$BUILDPLATFORM scratch AS build
      WORKDIR /a
      FROM scratch
      COPY --from=build /a /b
      WORKDIR /c
      """;

  private static FrontendInput input() {
    return new FrontendInput(
        DockerfileParser.parse(DOCKERFILE),
        new SourceText("Dockerfile", DOCKERFILE),
        BuildOptions.DEFAULTS,
        Platform.parse("linux/amd64"),
        "slots");
  }

  private static BuildOptions on(String platform) {
    return BuildOptions.DEFAULTS.with(o -> o.platform(Optional.of(Platform.parse(platform))));
  }

  private static List<Vertex> vertices(FrontendInput input) {
    var all = new ArrayList<Vertex>();
    collect(Frontend.plan(input, TestBases.all()).target(), all);
    return all;
  }

  private static void collect(Vertex vertex, List<Vertex> all) {
    all.add(vertex);
    vertex.inputs().forEach(input -> collect(input, all));
  }

  private static List<String> names(FrontendInput input) {
    return vertices(input).stream()
        .map(vertex -> vertex.info().name())
        .filter(name -> name.startsWith("["))
        .toList();
  }

  @Test
  void onePlatformIsNotNamed() {
    assertThat(names(input().with(on("linux/arm64"))))
        .containsExactlyInAnyOrder(
            "[stage-1 3/3] WORKDIR /c",
            "[stage-1 2/3] COPY --from=build /a /b",
            "[build 2/2] WORKDIR /a");
  }

  @Test
  void oneOfManyIsNamedAsBuildKitDoes() {
    assertThat(names(input().oneOfMany(on("linux/amd64"))))
        .containsExactlyInAnyOrder(
            "[linux/amd64 stage-1 3/3] WORKDIR /c",
            "[linux/amd64 stage-1 2/3] COPY --from=build /a /b",
            "[linux/amd64 build 2/2] WORKDIR /a");
    assertThat(names(input().oneOfMany(on("linux/arm64"))))
        .containsExactlyInAnyOrder(
            "[linux/arm64 stage-1 3/3] WORKDIR /c",
            "[linux/arm64 stage-1 2/3] COPY --from=build /a /b",
            "[linux/amd64->arm64 build 2/2] WORKDIR /a");
  }

  @Test
  void stepsOfDifferentPlatformsAreNotComparedWithEachOther() {
    var slots = new TreeSet<String>();
    for (String platform : List.of("linux/amd64", "linux/arm64")) {
      vertices(input().oneOfMany(on(platform))).stream()
          .map(vertex -> vertex.info().slot())
          .filter(slot -> !slot.isEmpty())
          .forEach(slots::add);
    }
    assertThat(slots).hasSize(6);
  }
}
