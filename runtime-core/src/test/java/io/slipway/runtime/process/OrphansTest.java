package io.slipway.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.runtime.linux.ProcessCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class OrphansTest {
  private static final int PR_SET_CHILD_SUBREAPER = 36;

  @Test
  @Timeout(20)
  void whatLosesItsParentAndEndsIsLetGo() throws Exception {
    ProcessCalls.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    Orphans orphans = new Orphans(Duration.ofMillis(100));
    try {
      Process parent = new ProcessBuilder("sh", "-c", "sleep 0.3 & echo $!").start();
      String pid = new String(parent.getInputStream().readAllBytes()).strip();
      assertThat(parent.waitFor()).isZero();
      while (Files.exists(Path.of("/proc", pid))) {
        Thread.sleep(20);
      }
      // who waits for its own process still gets to know how it ended
      Process own = new ProcessBuilder("sh", "-c", "exit 7").start();
      Thread.sleep(500);
      assertThat(own.waitFor()).isEqualTo(7);
    } finally {
      orphans.close();
      ProcessCalls.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
    }
  }
}
