package io.slipway.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.builder.error.StepFailedException;
import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.op.FailedStep;
import io.slipway.builder.op.StepShell;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.prune.CachedItem;
import io.slipway.builder.prune.PruneRequest;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.runtime.container.ContainerIo;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which failed steps are kept, and what comes of what is not complete; needs root. */
class FailedStepsIT {
  @TempDir Path folder;
  private BuildMachine machine;
  private Path context;

  @BeforeEach
  void open() throws Exception {
    machine = new BuildMachine(folder.resolve("data"));
    context = Files.createDirectory(folder.resolve("context"));
  }

  @AfterEach
  void close() throws Exception {
    assertThat(machine.unfinished()).isEmpty();
    machine.close();
  }

  private void reopen() throws Exception {
    machine.close();
    machine = new BuildMachine(folder.resolve("data"));
  }

  /** The id under which a build's failed step is kept. */
  private String fail(String dockerfile) throws Exception {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    StepFailedException failure =
        catchThrowableOfType(
            StepFailedException.class,
            () -> machine.build(context, BuildOptions.DEFAULTS, BuildListener.SILENT, "failed"));
    return failure.kept().orElseThrow();
  }

  private List<String> kept() throws Exception {
    return machine.builder.failures().list().stream().map(FailedStep::id).toList();
  }

  private List<String> snapshots() {
    return machine.snapshots.list().stream()
        .map(snapshot -> snapshot.key().value())
        .filter(key -> key.startsWith("failed/"))
        .toList();
  }

  private String run(String id, String... command) throws Exception {
    var out = new ByteArrayOutputStream();
    FailedStep step = machine.builder.failures().find(id);
    try (StepShell shell =
        machine.builder.enter(
            step,
            new StepShell.Wish(List.of(command), Optional.empty()),
            CallerSecrets.NONE,
            ContainerIo.output(out, OutputStream.nullOutputStream()))) {
      shell.container().waitFor();
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theLastFiveInUseAreKept() throws Exception {
    var ids = new ArrayList<String>();
    for (int i = 0; i < 7; i++) {
      ids.add(fail("FROM busybox\nRUN echo " + i + " >/f && false\n"));
      if (i == 4) {
        Thread.sleep(20);
        assertThat(run(ids.getFirst(), "cat", "/f")).isEqualTo("0\n");
      }
    }
    assertThat(kept())
        .containsExactly(ids.get(6), ids.get(5), ids.get(4), ids.get(3), ids.getFirst());
    assertThat(snapshots()).hasSize(5);
    reopen();
    assertThat(kept()).hasSize(5);
    assertThat(run(ids.get(6), "cat", "/f")).isEqualTo("6\n");
  }

  @Test
  void whatIsNotCompleteGoesAtTheNextStart() throws Exception {
    String whole = fail("FROM busybox\nRUN echo 1 && false\n");
    String withoutRecord =
        fail("FROM busybox AS a\nRUN echo a >/a\nFROM busybox\nRUN --mount=from=a,target=/m false");
    String withoutTree = fail("FROM busybox\nRUN echo 3 && false\n");
    Path records = folder.resolve("data/build/failed");
    Files.delete(records.resolve(withoutRecord + ".json"));
    Files.writeString(records.resolve("half.new"), "{");
    Files.writeString(records.resolve("ffffffffffff.json"), "{");
    machine.snapshots.remove(machine.builder.failures().find(withoutTree).tree());
    assertThat(snapshots()).hasSize(3);
    reopen();
    assertThat(kept()).containsExactly(whole);
    assertThat(snapshots()).containsExactly("failed/" + whole);
    try (var files = Files.list(records)) {
      assertThat(files).containsExactly(records.resolve(whole + ".json"));
    }
  }

  @Test
  void aStageThatAMountShowsStaysWithTheStep() throws Exception {
    String id =
        fail(
            """
            FROM busybox AS a
            RUN echo a >/a
            FROM busybox
            RUN --mount=from=a,target=/m --mount=type=cache,target=/c,from=a,source=/ \\
                echo new >/c/a && cat /m/a >/b && false
            """);
    var steps =
        new PruneRequest(
            item -> item.type() == CachedItem.Type.STEP,
            Optional.empty(),
            0,
            OptionalLong.empty(),
            OptionalLong.empty());
    assertThat(machine.builder.cache().prune(steps).ids()).isEmpty();
    assertThat(run(id, "cat", "/m/a", "/b", "/c/a")).isEqualTo("a\na\nnew\n");
  }

  @Test
  void aWrongUserIsNoFailedCommand() throws Exception {
    Files.writeString(context.resolve("Dockerfile"), "FROM busybox\nUSER nosuch\nRUN true\n");
    Exception failure =
        catchThrowableOfType(
            Exception.class,
            () -> machine.build(context, BuildOptions.DEFAULTS, BuildListener.SILENT, "failed"));
    assertThat(failure).hasMessageContaining("unable to find user nosuch");
    assertThat(kept()).isEmpty();
  }
}
