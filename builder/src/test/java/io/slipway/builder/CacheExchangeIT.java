package io.slipway.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.builder.context.ContextSource;
import io.slipway.builder.context.DockerfileSource;
import io.slipway.builder.exchange.CacheTransfer;
import io.slipway.builder.exchange.CacheTransfers;
import io.slipway.builder.export.BuildOutput;
import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.progress.BuildEvent;
import io.slipway.image.remote.CredentialSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results made on one machine are used on another; needs root. */
class CacheExchangeIT {
  private static final String DOCKERFILE =
      """
      FROM busybox AS tools
      RUN echo tool > /tool
      FROM busybox
      COPY f /f
      COPY --from=tools /tool /tool
      RUN --mount=type=cache,id=deps,target=/c echo kept >> /c/n && cat /c/n > /n
      """;

  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();

  private BuildResult build(BuildMachine machine, String dockerfile, CacheTransfers caches)
      throws Exception {
    Path context = Files.createDirectories(folder.resolve("context"));
    Files.writeString(context.resolve("f"), "f");
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    var request =
        new BuildRequest(
            new ContextSource.Directory(context),
            new DockerfileSource.InContext("Dockerfile"),
            BuildOptions.DEFAULTS,
            List.of(new BuildOutput.Image(List.of())),
            new BuildExtras(false, OptionalLong.empty(), false, caches));
    try (Build build = machine.builder.with(machine.images()).open(request)) {
      return build.run(event -> {
        if (event instanceof BuildEvent.Warning warning) {
          warnings.add(warning.message());
        }
      });
    }
  }

  private CacheTransfers to(String options) {
    var transfer =
        CacheTransfer.parse("type=local,dest=" + folder.resolve("cache") + options, true);
    return new CacheTransfers(List.of(), List.of(transfer), CredentialSource.ANONYMOUS);
  }

  private CacheTransfers from() {
    var transfer = CacheTransfer.parse("type=local,src=" + folder.resolve("cache"), false);
    return new CacheTransfers(List.of(transfer), List.of(), CredentialSource.ANONYMOUS);
  }

  @Test
  void aMaximalCacheHasEveryStepAndCacheMounts() throws Exception {
    Map<String, String> files;
    try (var machine = new BuildMachine(folder.resolve("one"))) {
      BuildResult made = build(machine, DOCKERFILE, to(",mode=max,mounts=true"));
      files = machine.files(made.imageId().orElseThrow());
    }
    try (var machine = new BuildMachine(folder.resolve("two"))) {
      BuildResult used = build(machine, DOCKERFILE, from());
      assertThat(used.ranSteps()).isZero();
      assertThat(used.cachedSteps()).isEqualTo(4);
      assertThat(machine.files(used.imageId().orElseThrow())).isEqualTo(files);
      assertThat(build(machine, DOCKERFILE, CacheTransfers.NONE).ranSteps()).isZero();
      // another command of the same stage: what it stands on and its cache mount are there
      BuildResult changed = build(machine, DOCKERFILE + "RUN cat /tool\n", from());
      assertThat(changed.ranSteps()).isEqualTo(1);
    }
    try (var machine = new BuildMachine(folder.resolve("three"))) {
      BuildResult changed = build(machine, DOCKERFILE.replace("cat /c/n", "cat  /c/n"), from());
      assertThat(changed.ranSteps()).isEqualTo(1);
      assertThat(machine.files(changed.imageId().orElseThrow()).get("/n"))
          .isEqualTo("file 644 0:0 kept\nkept\n");
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void aMinimalCacheHasWhatMadeTheImage() throws Exception {
    try (var machine = new BuildMachine(folder.resolve("one"))) {
      build(machine, DOCKERFILE, to(",mode=min"));
    }
    try (var machine = new BuildMachine(folder.resolve("two"))) {
      assertThat(build(machine, DOCKERFILE, from()).ranSteps()).isZero();
      String tools = DOCKERFILE.substring(0, DOCKERFILE.indexOf("FROM busybox\nCOPY"));
      assertThat(build(machine, tools, from()).ranSteps()).isEqualTo(1);
    }
  }

  @Test
  void aCacheThatIsNotThereOrDamagedIsToldAndCostsTimeOnly() throws Exception {
    try (var machine = new BuildMachine(folder.resolve("one"))) {
      assertThat(build(machine, DOCKERFILE, from()).ranSteps()).isBetween(4, 5);
      assertThat(warnings)
          .containsExactly("cache " + folder.resolve("cache") + " is not there (yet)");
      build(machine, DOCKERFILE, to(",mode=max"));
    }
    try (var blobs = Files.walk(folder.resolve("cache/blobs"))) {
      for (Path blob : blobs.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(blob);
        if (bytes[0] == 0x1f) {
          bytes[bytes.length / 2] ^= 1;
          Files.write(blob, bytes);
        }
      }
    }
    warnings.clear();
    try (var machine = new BuildMachine(folder.resolve("two"))) {
      assertThat(build(machine, DOCKERFILE, from()).ranSteps()).isBetween(4, 5);
      assertThat(warnings).isNotEmpty().allMatch(line -> line.startsWith("cannot bring"));
    }
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> CacheTransfer.parse("type=s3,bucket=b", true))
        .hasMessage("invalid cache \"type=s3,bucket=b\": option \"bucket\" is not supported");
    assertThatThrownBy(() -> CacheTransfer.parse("type=gha", true))
        .hasMessage("cache type \"gha\" is not supported: use registry, local or inline");
    assertThatThrownBy(() -> CacheTransfer.parse("type=registry", true))
        .hasMessage("invalid cache \"type=registry\": ref is missing");
    assertThatThrownBy(() -> CacheTransfer.parse("type=registry,ref=a/b,mode=all", true))
        .hasMessage("invalid cache mode \"all\": use min or max");
  }
}
