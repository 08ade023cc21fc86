package io.slipway.builder.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.progress.CacheMiss;
import io.slipway.builder.progress.StepId;
import io.slipway.image.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildHistoryTest {
  private static final StepId STEP = new StepId("sha256:1");
  private static final BuildRecorder.Asked ASKED =
      new BuildRecorder.Asked("/c", "Dockerfile", "", List.of("t:1"));

  @TempDir Path folder;

  private static void run(BuildRecorder recorder, String output) {
    Instant now = Instant.now();
    recorder.on(new BuildEvent.Started(now, STEP, "[2/2] RUN x"));
    recorder.on(new BuildEvent.Missed(now, STEP, CacheMiss.of(CacheMiss.Reason.NEW)));
    Bytes bytes = Bytes.copyOf(output.getBytes(StandardCharsets.UTF_8));
    recorder.on(new BuildEvent.Log(now, STEP, BuildEvent.Stream.STDOUT, bytes));
    recorder.on(new BuildEvent.Done(now, STEP));
  }

  @Test
  void recordsStepsReasonsAndOutput() throws Exception {
    try (var history = new BuildHistory(folder)) {
      BuildRecorder recorder = history.begin(ASKED, BuildListener.SILENT);
      run(recorder, "hello\n");
      recorder.completed("sha256:i", 1, 0);
    }
    try (var history = new BuildHistory(folder)) {
      BuildRecord record = history.find("");
      assertThat(record.status()).isEqualTo("completed");
      assertThat(record.tags()).containsExactly("t:1");
      assertThat(record.steps())
          .singleElement()
          .satisfies(step -> assertThat(step.state()).isEqualTo("done"))
          .satisfies(step -> assertThat(step.why()).containsExactly("first build of this step"));
      assertThat(history.log(record.id())).contains("hello", "[2/2] RUN x");
      assertThatThrownBy(() -> history.find("no")).hasMessage("no record of a build no");
    }
  }

  @Test
  void boundsOutputAndNumber() throws Exception {
    try (var history = new BuildHistory(folder)) {
      for (int i = 0; i < 205; i++) {
        BuildRecorder recorder = history.begin(ASKED, BuildListener.SILENT);
        if (i == 204) {
          run(recorder, "x".repeat(2 << 20) + "\n");
        }
        recorder.failed("broken", false);
      }
      assertThat(history.list()).hasSize(200);
      assertThat(history.log("")).hasSizeLessThan((1 << 20) + 100);
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(400);
    }
  }
}
