package io.slipway.builder;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.builder.context.ContextSource;
import io.slipway.builder.context.DockerfileSource;
import io.slipway.builder.exchange.CacheTransfer;
import io.slipway.builder.exchange.CacheTransfers;
import io.slipway.builder.export.BuildOutput;
import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.progress.BuildListener;
import io.slipway.image.model.Digest;
import io.slipway.image.name.Reference;
import io.slipway.image.remote.CredentialSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What caches hold of a build of several targets; needs root. */
class TargetsIT {
  private static final String DOCKERFILE =
      """
      FROM busybox AS one
      RUN echo 1 > /one
      FROM busybox AS two
      RUN echo 2 > /two
      """;

  @TempDir Path folder;

  private BuildResult build(BuildMachine machine, CacheTransfers caches, String... targets)
      throws Exception {
    Path context = Files.createDirectories(folder.resolve("context"));
    Files.writeString(context.resolve("Dockerfile"), DOCKERFILE);
    List<BuildOutput> outputs =
        Arrays.stream(targets)
            .<BuildOutput>map(target -> new BuildOutput.Image(target, List.of(name(target))))
            .toList();
    var request =
        new BuildRequest(
            new ContextSource.Directory(context),
            new DockerfileSource.InContext("Dockerfile"),
            BuildOptions.DEFAULTS,
            outputs,
            new BuildExtras(false, OptionalLong.empty(), false, caches));
    try (Build build = machine.builder.with(machine.images()).open(request)) {
      return build.run(BuildListener.SILENT);
    }
  }

  private static Reference name(String target) {
    return Reference.parseWithDefaultTag("target-" + target);
  }

  private static CacheTransfers to(String text) {
    return new CacheTransfers(
        List.of(), List.of(CacheTransfer.parse(text, true)), CredentialSource.ANONYMOUS);
  }

  @Test
  void aMinimalCacheHasWhatMadeEachImage() throws Exception {
    try (var machine = new BuildMachine(folder.resolve("one"))) {
      build(machine, to("type=local,mode=min,dest=" + folder.resolve("cache")), "one", "two");
    }
    var from =
        new CacheTransfers(
            List.of(CacheTransfer.parse("type=local,src=" + folder.resolve("cache"), false)),
            List.of(),
            CredentialSource.ANONYMOUS);
    try (var machine = new BuildMachine(folder.resolve("two"))) {
      assertThat(build(machine, from, "one").ranSteps()).isZero();
      assertThat(build(machine, from, "two").ranSteps()).isZero();
    }
  }

  @Test
  void anInlineCacheIsInEachImage() throws Exception {
    try (var machine = new BuildMachine(folder.resolve("one"))) {
      build(machine, to("type=inline"), "one", "two");
      for (String target : List.of("one", "two")) {
        Digest id = machine.catalog.find(name(target)).orElseThrow().id();
        String config = new String(machine.config(id).bytes().toArray(), StandardCharsets.UTF_8);
        assertThat(config).as(target).contains("\"slipway.buildcache.v1\"");
      }
    }
  }
}
