package io.slipway.engine.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.engine.state.ContainerRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartsTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private static ContainerRecord ended(
      String policy, int retries, int exitCode, int count, boolean stopped) throws IOException {
    ContainerRecord record =
        TestRecords.record(
            "{}",
            "{'RestartPolicy':{'Name':'" + policy + "','MaximumRetryCount':" + retries + "}}");
    return record
        .withState(record.state().running(7, NOW).exited(exitCode, false, NOW))
        .withRestartCount(count)
        .withManuallyStopped(stopped);
  }

  /** The policy, what it ended with, and whether it goes on: at the end, at the daemon's start. */
  @ParameterizedTest
  @CsvSource({
    "no, 0, 1, 0, false, false, false",
    "always, 0, 0, 9, false, true, true",
    "always, 0, 137, 9, true, false, true",
    "unless-stopped, 0, 0, 0, false, true, true",
    "unless-stopped, 0, 137, 0, true, false, false",
    "on-failure, 0, 0, 0, false, false, false",
    "on-failure, 0, 1, 99, false, true, true",
    "on-failure, 3, 1, 2, false, true, true",
    "on-failure, 3, 1, 3, false, false, false",
    "on-failure, 0, 143, 0, true, false, false"
  })
  void followsThePolicy(
      String policy,
      int retries,
      int exitCode,
      int count,
      boolean stopped,
      boolean again,
      boolean revived)
      throws IOException {
    ContainerRecord record = ended(policy, retries, exitCode, count, stopped);
    assertThat(Restarts.wanted(record, exitCode)).isEqualTo(again);
    assertThat(Restarts.revived(record)).isEqualTo(revived);
  }

  @Test
  void doesNotReviveWhatNeverRan() throws IOException {
    ContainerRecord record = TestRecords.record("{}", "{'RestartPolicy':{'Name':'always'}}");
    assertThat(Restarts.revived(record)).isFalse();
  }

  @Test
  void doublesTheDelayUpToAMinute() {
    Restarts restarts = new Restarts();
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      delays.add(restarts.next(Duration.ofSeconds(1)).toMillis());
    }
    assertThat(delays)
        .containsExactly(
            100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 12800L, 25600L, 51200L, 60000L, 60000L);
  }

  @Test
  void beginsAnewAfterALongRunAndAfterAStart() {
    Restarts restarts = new Restarts();
    restarts.next(Duration.ZERO);
    assertThat(restarts.next(Duration.ofMillis(9_999))).hasMillis(200);
    assertThat(restarts.next(Duration.ofSeconds(10))).hasMillis(100);
    assertThat(restarts.next(Duration.ZERO)).hasMillis(200);
    restarts.reset();
    assertThat(restarts.next(Duration.ZERO)).hasMillis(100);
  }
}
