package io.slipway.builder;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.frontend.CacheUse;
import io.slipway.builder.frontend.TestBases;
import io.slipway.builder.progress.CacheMiss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each missed step says which part of its key is not as it was. */
class CacheMissTest {
  private static final String DOCKERFILE =
      """
      FROM busybox
      ARG A=1
      ENV E=1
      USER root
      RUN one
      COPY --chown=1 src /dest/
      """;

  @TempDir Path folder;
  private PlannedBuilds builds;

  @BeforeEach
  void fill() throws IOException {
    builds = new PlannedBuilds(folder);
    builds.write("src/f", "f");
    builds.write("src/d/g", "g");
  }

  private PlannedBuilds.Outcome build(String dockerfile) throws IOException {
    return builds.build(dockerfile, BuildOptions.DEFAULTS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RUN one | RUN two | RUN | instruction changed from \"RUN one\" to \"RUN two\"",
        "ARG A=1 | ARG A=2 | RUN | ARG A changed from \"1\" to \"2\"",
        "ARG A=1 | ARG A=1 B=3 | RUN | ARG B added: \"3\"",
        "ENV E=1 | ENV E=2 | RUN | ENV E changed from \"1\" to \"2\"",
        "ENV E=1 | ENV F=2 | RUN | ENV F added: \"2\" (and 1 more)",
        "ARG A=1 | ARG A=1 TOKEN=a | RUN | ARG TOKEN added: \"…\"",
        "USER root | USER app | RUN | setting USER changed from \"root\" to \"app\"",
        "RUN one | RUN --network=none one | RUN | flag network added: \"NONE\"",
        "RUN one | RUN --mount=type=tmpfs,target=/t one | RUN | flag --mount target=/t changed",
        "RUN one | RUN two | COPY | step before it \"[2/3] RUN two\" was carried out again",
        "--chown=1 | --chown=2 | COPY | flag --chown changed from \"1\" to \"2\"",
        "/dest/ | /other/ | COPY | instruction changed from \"COPY --chown=1 src /dest/\" to \"COPY"
            + " --chown=1 src /other/\""
      })
  void namesThePartOfTheDockerfile(String before, String after, String step, String why)
      throws IOException {
    build(DOCKERFILE);
    assertThat(build(DOCKERFILE.replace(before, after)).why(step)).isEqualTo(why);
  }

  @Test
  void namesFilesAndWhatIsDifferent() throws IOException {
    build(DOCKERFILE);
    builds.write("src/f", "changed");
    assertThat(build(DOCKERFILE).why("COPY")).isEqualTo("file src/f content changed");
    builds.write("src/new", "");
    assertThat(build(DOCKERFILE).why("COPY")).isEqualTo("file src/new added");
    Files.delete(builds.context.resolve("src/new"));
    Files.delete(builds.context.resolve("src/d/g"));
    assertThat(build(DOCKERFILE).misses().get("COPY --chown=1 src /dest/").lines())
        .containsExactly("file src/d/g removed", "file src/new removed");
    permissions("rw-r--r--");
    build(DOCKERFILE);
    permissions("rwx------");
    assertThat(build(DOCKERFILE).why("COPY"))
        .isEqualTo("file src/f mode changed from \"0644\" to \"0700\"");
  }

  private void permissions(String text) throws IOException {
    Files.setPosixFilePermissions(
        builds.context.resolve("src/f"), PosixFilePermissions.fromString(text));
  }

  @Test
  void namesFilesOfBindMounts() throws IOException {
    String dockerfile = "FROM busybox\nRUN --mount=target=/c,source=src/d make\n";
    build(dockerfile);
    builds.write("src/d/g", "changed");
    assertThat(build(dockerfile).why("RUN")).isEqualTo("file src/d/g content changed");
  }

  @Test
  void namesTheBase() throws IOException {
    build(DOCKERFILE);
    var outcome = builds.build(DOCKERFILE, BuildOptions.DEFAULTS, TestBases.withLayer("newer"));
    assertThat(outcome.why("RUN")).startsWith("base image docker.io/library/busybox");
    assertThat(outcome.why("RUN")).contains(" changed from \"sha256:");
  }

  @Test
  void comparesWithTheResultThatWasLastOfUse() throws IOException {
    build(DOCKERFILE);
    build(DOCKERFILE.replace("A=1", "A=2"));
    build(DOCKERFILE);
    assertThat(build(DOCKERFILE.replace("A=1", "A=3")).why("RUN"))
        .isEqualTo("ARG A changed from \"1\" to \"3\"");
  }

  @Test
  void tellsOtherReasons() throws IOException {
    assertThat(build(DOCKERFILE).misses().values())
        .extracting(CacheMiss::reason)
        .containsOnly(CacheMiss.Reason.NEW);
    var without = builds.build(DOCKERFILE, BuildOptions.DEFAULTS.withCache(CacheUse.NONE));
    assertThat(without.misses().values())
        .extracting(CacheMiss::reason)
        .containsOnly(CacheMiss.Reason.IGNORED);
    builds.forgetResults();
    assertThat(build(DOCKERFILE).misses().values())
        .extracting(CacheMiss::reason)
        .containsOnly(CacheMiss.Reason.LOST);
  }

  @Test
  void valuesOfArgumentsThatWereGivenAreTold() throws IOException {
    build(DOCKERFILE);
    var options = BuildOptions.DEFAULTS.withBuildArgs(Map.of("A", "given"));
    assertThat(builds.build(DOCKERFILE, options).why("RUN"))
        .isEqualTo("ARG A changed from \"1\" to \"given\"");
  }
}
