package io.slipway.builder;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.progress.BuildListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hits and misses that only real files and real results can show; needs root. */
class CacheContentIT {
  @TempDir static Path data;
  @TempDir Path context;
  private static BuildMachine machine;

  /** The base is a step too when it is used for the first time. */
  @BeforeAll
  static void open(@TempDir Path first) throws Exception {
    machine = new BuildMachine(data);
    Files.writeString(first.resolve("Dockerfile"), "FROM busybox\nRUN true\n");
    machine.build(first, BuildOptions.DEFAULTS, BuildListener.SILENT, "base");
  }

  @AfterAll
  static void close() throws Exception {
    machine.close();
  }

  /** How many steps had to run. */
  private int build(String dockerfile) throws Exception {
    return result(dockerfile).ranSteps();
  }

  private BuildResult result(String dockerfile) throws Exception {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    return machine.build(context, BuildOptions.DEFAULTS, BuildListener.SILENT, "test");
  }

  @Test
  void ownersInAContextDoNotCount() throws Exception {
    Files.writeString(context.resolve("owned"), "content of owned");
    String dockerfile = "FROM busybox\nCOPY owned /f\nRUN --mount=target=/c,source=owned true\n";
    assertThat(build(dockerfile)).isEqualTo(2);
    Files.setAttribute(context.resolve("owned"), "unix:uid", 7);
    Files.setAttribute(context.resolve("owned"), "unix:gid", 8);
    assertThat(build(dockerfile)).isZero();
  }

  @Test
  void ownersInAStageCount() throws Exception {
    String dockerfile =
        "FROM busybox AS a\nRUN echo x > /f && chown %s /f\nFROM busybox\nCOPY --from=a /f /f\n";
    assertThat(build(dockerfile.formatted("0"))).isEqualTo(2);
    assertThat(build(dockerfile.formatted("5"))).isEqualTo(2);
  }

  @Test
  void aStageThatMakesTheSameFileKeepsItsCopiesAndMountsButNotItsChildren() throws Exception {
    String dockerfile =
        """
        FROM busybox AS a
        RUN echo same > /f # %s
        FROM a AS child
        RUN cat /f > /g
        FROM busybox
        COPY --from=a /f /f
        RUN --mount=from=a,source=/f,target=/m cat /m > /h
        COPY --from=child /g /g
        """;
    assertThat(build(dockerfile.formatted(1))).isEqualTo(5);
    assertThat(build(dockerfile.formatted(2))).as("the stage and its child").isEqualTo(2);
  }

  @Test
  void whatACacheMountHoldsDoesNotCount() throws Exception {
    String mount = "RUN --mount=type=cache,id=counted,target=/c ";
    String dockerfile = "FROM busybox\n" + mount + "ls /c > /l\n";
    assertThat(build(dockerfile)).isEqualTo(1);
    assertThat(build("FROM busybox\n" + mount + "echo more > /c/more\n")).isEqualTo(1);
    assertThat(build(dockerfile)).isZero();
  }

  @Test
  void aLinkedCopyDoesNotCareForItsParent() throws Exception {
    Files.writeString(context.resolve("linked"), "content of linked");
    String dockerfile = "FROM busybox\nRUN echo %s > /p\nCOPY%s linked /f\n";
    build(dockerfile.formatted("1", " --link"));
    BuildResult linked = result(dockerfile.formatted("2", " --link"));
    assertThat(linked.ranSteps()).as("RUN and putting both together").isEqualTo(2);
    assertThat(machine.files(linked.imageId().orElseThrow()))
        .containsAllEntriesOf(
            Map.of("/p", "file 644 0:0 2\n", "/f", "file 644 0:0 content of linked"));
    build(dockerfile.formatted("3", ""));
    assertThat(build(dockerfile.formatted("4", ""))).isEqualTo(2);
  }
}
