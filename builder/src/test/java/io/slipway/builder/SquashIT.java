package io.slipway.builder;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.builder.context.ContextSource;
import io.slipway.builder.context.DockerfileSource;
import io.slipway.builder.exchange.CacheTransfers;
import io.slipway.builder.export.BuildOutput;
import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.progress.BuildListener;
import io.slipway.image.model.History;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.name.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One layer of many: the files must be the same; needs root. */
class SquashIT {
  private static final String LAYERS =
      """
      RUN mkdir -p /d/e /gone /anew /file && echo 1 >/d/a && echo 2 >/d/e/b && echo 3 >/gone/c
      RUN echo 4 >/anew/old && ln /d/a /d/hard && ln -s a /d/soft && echo 5 >/swap
      RUN rm -rf /gone /bin/true && rm -rf /anew && mkdir /anew && echo 6 >/anew/new
      RUN chmod 700 /d/e && chown 3:4 /d/a && rmdir /file && echo 7 >/file
      RUN rm /swap && mkdir /swap && echo 8 >/swap/in
      RUN rm -rf /d/e && echo 10 >/d/e && rm -f /d/hard && mkdir /gone && chmod 1777 /gone
      COPY --link file /linked/file
      RUN rm -rf /linked && mkdir /linked && rm -rf /never
      """;

  @TempDir static Path data;
  @TempDir Path context;
  private static BuildMachine machine;

  @BeforeAll
  static void open() throws Exception {
    machine = new BuildMachine(data);
  }

  @AfterAll
  static void close() throws Exception {
    machine.close();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(machine.unfinished()).isEmpty();
  }

  private BuildResult build(String dockerfile, boolean squash) throws Exception {
    return build(dockerfile, squash, "squash");
  }

  private BuildResult build(String dockerfile, boolean squash, String tag) throws Exception {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    Files.writeString(context.resolve("file"), "of the context\n");
    var request =
        new BuildRequest(
            new ContextSource.Directory(context),
            new DockerfileSource.InContext("Dockerfile"),
            BuildOptions.DEFAULTS,
            List.of(new BuildOutput.Image(List.of(Reference.parseWithDefaultTag(tag)))),
            new BuildExtras(false, OptionalLong.empty(), false, squash, CacheTransfers.NONE));
    try (Build build = machine.builder.with(machine.images()).open(request)) {
      return build.run(BuildListener.SILENT);
    }
  }

  private void sameFiles(String dockerfile, int layers) throws Exception {
    Map<String, String> expected = machine.files(build(dockerfile, false).imageId().orElseThrow());
    BuildResult squashed = build(dockerfile, true);
    assertThat(machine.files(squashed.imageId().orElseThrow())).isEqualTo(expected);
    ImageConfig config = machine.config(squashed.imageId().orElseThrow());
    assertThat(config.rootFs().diffIds()).hasSize(layers);
    assertThat(config.history().stream().filter(line -> !line.emptyLayer())).hasSize(layers);
  }

  @Test
  void oneLayerAboveTheBaseHoldsTheSameFiles() throws Exception {
    build("FROM busybox\nRUN mkdir -p /b/c /r && echo 1 >/b/c/1 && echo 2 >/r/2\n", false, "base");
    sameFiles(
        "FROM base\n"
            + "RUN rm -rf /b && mkdir -p /b/d && echo 3 >/b/d/3\n"
            + "RUN rm -rf /r && echo 4 >/r && mkdir /b/c\n"
            + "RUN rm /r && mkdir /r && echo 5 >/r/5\n"
            + LAYERS,
        3);
  }

  @Test
  void oneLayerAboveNothingHoldsTheSameFiles() throws Exception {
    sameFiles("FROM busybox AS b\nFROM scratch\nCOPY --from=b /bin /bin\n" + LAYERS, 1);
  }

  @Test
  void theHistoryTellsTheStepsAndThatTheyAreOneLayer() throws Exception {
    String dockerfile = "FROM busybox\nENV A=1\nRUN echo 1 >/one\nRUN rm /one; echo 2 >/two\n";
    BuildResult first = build(dockerfile, true);
    ImageConfig config = machine.config(first.imageId().orElseThrow());
    List<History> own =
        config.history().subList(config.history().size() - 4, config.history().size());
    assertThat(own.stream().map(History::createdBy))
        .containsExactly(
            "ENV A=1",
            "RUN /bin/sh -c echo 1 >/one # buildkit",
            "RUN /bin/sh -c rm /one; echo 2 >/two # buildkit",
            "squash 2 layers");
    assertThat(own.stream().map(History::emptyLayer)).containsExactly(true, true, true, false);
    BuildResult second = build(dockerfile, true);
    assertThat(second.imageId()).isEqualTo(first.imageId());
    assertThat(second.ranSteps()).isZero();
  }
}
