package io.slipway.builder;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.progress.BuildListener;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds Dockerfiles with real containers; needs root. */
class BuildIT {
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

  @Test
  void copiesRunsAndConfigures() throws Exception {
    Files.writeString(context.resolve("hello"), "hello\n");
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        FROM busybox
        ENV A=1
        RUN echo $A $HOME $(id -u) $(hostname) > /out
        COPY hello /greeting
        CMD ["cat", "/greeting"]
        """);
    BuildResult result =
        machine.build(context, BuildOptions.DEFAULTS, BuildListener.SILENT, "first");
    var files = machine.files(result.imageId().orElseThrow());
    assertThat(files)
        .containsEntry("/out", "file 644 0:0 1 /root 0 buildkitsandbox\n")
        .containsEntry("/greeting", "file 644 0:0 hello\n")
        .doesNotContainKeys("/proc", "/sys", "/dev", "/etc/hosts", "/etc/resolv.conf");
    assertThat(machine.config(result.imageId().orElseThrow()).config().cmd().orElseThrow())
        .containsExactly("cat", "/greeting");
  }
}
