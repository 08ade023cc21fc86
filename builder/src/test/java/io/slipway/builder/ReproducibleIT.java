package io.slipway.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.builder.context.ContextSource;
import io.slipway.builder.context.DockerfileSource;
import io.slipway.builder.export.BuildOutput;
import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.frontend.CacheUse;
import io.slipway.builder.progress.BuildListener;
import io.slipway.image.model.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same build gives the same digest on other machines and at other times; needs root. */
class ReproducibleIT {
  private static final long COMMITTED = 1_600_000_000L;
  private static final String DOCKERFILE =
      """
      FROM busybox
      WORKDIR /w
      COPY src /w/
      RUN mkdir -p made/deep && echo x > made/deep/x && ln -s x made/l && rm /etc/passwd && touch /etc
      RUN --mount=type=cache,target=/c touch /c/f /w/src.txt
      CMD ["x"]
      """;

  @TempDir Path folder;

  private BuildResult build(
      String name, String dockerfile, BuildOptions options, BuildExtras extras) throws Exception {
    try (var machine = new BuildMachine(folder.resolve(name))) {
      return build(machine, name, dockerfile, options, extras);
    }
  }

  private BuildResult build(
      BuildMachine machine,
      String name,
      String dockerfile,
      BuildOptions options,
      BuildExtras extras)
      throws Exception {
    Path context = Files.createDirectories(folder.resolve(name + "-context"));
    Files.createDirectories(context.resolve("src/dir"));
    Files.writeString(context.resolve("src/dir/f"), "f");
    Files.setLastModifiedTime(
        context.resolve("src/dir/f"), FileTime.from(Instant.ofEpochSecond(COMMITTED + 5)));
    Files.writeString(context.resolve("src/new"), "new");
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    var request =
        new BuildRequest(
            new ContextSource.Directory(context),
            new DockerfileSource.InContext("Dockerfile"),
            options,
            List.of(new BuildOutput.Image(List.of())),
            extras);
    try (Build build = machine.builder.with(machine.images()).open(request)) {
      return build.run(BuildListener.SILENT);
    }
  }

  private static BuildExtras committed(boolean verify) {
    return new BuildExtras(false, OptionalLong.of(COMMITTED), verify);
  }

  @Test
  void twoMachinesAtTwoTimesMakeTheSameImage() throws Exception {
    Digest first =
        build("one", DOCKERFILE, BuildOptions.DEFAULTS, committed(false)).imageId().orElseThrow();
    Thread.sleep(1100);
    Digest second =
        build("two", DOCKERFILE, BuildOptions.DEFAULTS, committed(false)).imageId().orElseThrow();
    assertThat(second).isEqualTo(first);
    Digest asked =
        build(
                "three",
                DOCKERFILE,
                BuildOptions.DEFAULTS.withBuildArgs(Map.of("SOURCE_DATE_EPOCH", "" + COMMITTED)),
                BuildExtras.NONE)
            .imageId()
            .orElseThrow();
    assertThat(asked).isEqualTo(first);
  }

  @Test
  void anEpochThatIsDemandedDoesNotUseResultsMadeWithout() throws Exception {
    var demanded = BuildOptions.DEFAULTS.withBuildArgs(Map.of("SOURCE_DATE_EPOCH", "" + COMMITTED));
    try (var machine = new BuildMachine(folder.resolve("machine"))) {
      build(machine, "c", DOCKERFILE, BuildOptions.DEFAULTS, BuildExtras.NONE);
      assertThat(
              build(machine, "c", DOCKERFILE, BuildOptions.DEFAULTS, committed(false)).ranSteps())
          .isZero();
      BuildResult limited = build(machine, "c", DOCKERFILE, demanded, BuildExtras.NONE);
      assertThat(limited.ranSteps()).isEqualTo(4);
      assertThat(
              build(machine, "c", DOCKERFILE, BuildOptions.DEFAULTS, BuildExtras.NONE).ranSteps())
          .isZero();
      assertThat(build(machine, "c", DOCKERFILE, demanded, BuildExtras.NONE).imageId())
          .isEqualTo(limited.imageId());
    }
  }

  @Test
  void verifyingNamesTheFirstFileThatDiffers() throws Exception {
    var fresh = BuildOptions.DEFAULTS.withCache(CacheUse.NONE);
    assertThat(build("same", DOCKERFILE, fresh, committed(true)).imageId()).isPresent();
    String random = "FROM busybox\nRUN echo 1 > /a; cat /proc/sys/kernel/random/uuid > /id\n";
    assertThatThrownBy(() -> build("random", random, fresh, committed(true)))
        .hasMessageContaining("the build is not reproducible")
        .hasMessageContaining("/id: content (37 and 37 bytes)");
  }
}
