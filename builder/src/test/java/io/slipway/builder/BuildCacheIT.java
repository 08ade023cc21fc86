package io.slipway.builder;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.builder.context.ContextSource;
import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.prune.BuildCache;
import io.slipway.builder.prune.CachedItem;
import io.slipway.builder.prune.PruneRequest;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.image.model.Digest;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarTime;
import io.slipway.image.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The build cache on disk: what it takes, what of it can go; needs root. */
class BuildCacheIT {
  private static final PruneRequest ALL = PruneRequest.downTo(0);
  private static final String MEGABYTE = "dd if=/dev/zero of=/data bs=1024 count=1024 2>/dev/null";

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
    machine.close();
  }

  private BuildResult build(String dockerfile, String tag) throws Exception {
    Path own = Files.createDirectories(context.resolve(tag));
    Files.writeString(own.resolve("Dockerfile"), dockerfile);
    return machine.build(own, BuildOptions.DEFAULTS, BuildListener.SILENT, tag);
  }

  private BuildCache cache() {
    return machine.builder.cache();
  }

  private List<String> descriptions() throws Exception {
    return cache().list().stream().map(CachedItem::description).toList();
  }

  @Test
  void whatImagesStandOnStaysAndTheRestGoes() throws Exception {
    Digest image = build("FROM busybox\nRUN " + MEGABYTE + "\n", "kept").imageId().orElseThrow();
    build(
        "FROM busybox AS a\nRUN " + MEGABYTE + " && echo 2\nFROM busybox\nCOPY --from=a /data /d\n",
        "copied");
    assertThat(cache().list()).filteredOn(CachedItem::shared).hasSize(2);
    assertThat(cache().ownBytes()).isEqualTo(1 << 20);
    BuildCache.Pruned pruned = cache().prune(ALL);
    assertThat(pruned.ids()).hasSize(1);
    assertThat(pruned.bytes()).isEqualTo(1 << 20);
    assertThat(cache().ownBytes()).isZero();
    assertThat(machine.files(image)).containsKey("/data");
    assertThat(build("FROM busybox\nRUN " + MEGABYTE + "\n", "kept").ranSteps()).isZero();
    machine.catalog.remove(image);
    assertThat(cache().prune(ALL).ids()).hasSize(1);
    assertThat(build("FROM busybox\nRUN " + MEGABYTE + "\n", "kept").ranSteps()).isEqualTo(1);
  }

  @Test
  void removesWhatWasNotOfUseForLongestFirst() throws Exception {
    for (String name : List.of("first", "second", "third")) {
      Digest image =
          build("FROM busybox\nRUN " + MEGABYTE + " # " + name + "\n", name)
              .imageId()
              .orElseThrow();
      Thread.sleep(20);
      machine.catalog.remove(image);
    }
    machine.catalog.remove(
        build("FROM busybox\nRUN " + MEGABYTE + " # first\n", "first").imageId().orElseThrow());
    cache().prune(PruneRequest.downTo(2 << 20));
    assertThat(descriptions()).hasSize(2).noneMatch(text -> text.contains("second"));
    var old =
        new PruneRequest(
            item -> true,
            Optional.of(Instant.now().minusSeconds(3600)),
            0,
            OptionalLong.empty(),
            OptionalLong.empty());
    assertThat(cache().prune(old).ids()).isEmpty();
  }

  @Test
  void cacheMountsAreListedAndRemoved() throws Exception {
    String dockerfile =
        "FROM busybox\nRUN --mount=type=cache,id=deps,target=/c echo 12345 > /c/f && ls /c > /l\n";
    build(dockerfile, "mount");
    assertThat(cache().list())
        .filteredOn(item -> item.type() == CachedItem.Type.CACHE_MOUNT)
        .singleElement()
        .satisfies(item -> assertThat(item.bytes()).isEqualTo(6))
        .satisfies(item -> assertThat(item.description()).isEqualTo("cache mount deps"));
    cache().prune(ALL);
    assertThat(cache().list())
        .filteredOn(item -> item.type() == CachedItem.Type.CACHE_MOUNT)
        .isEmpty();
  }

  @Test
  void sentContextsAreListedAndRemoved() throws Exception {
    var sent = new ByteArrayOutputStream();
    var tar = new TarWriter(sent);
    byte[] dockerfile = "FROM busybox\nCOPY . /all\n".getBytes(StandardCharsets.UTF_8);
    tar.put(TarEntry.file("Dockerfile", 0644, dockerfile.length, TarTime.EPOCH));
    tar.write(dockerfile, 0, dockerfile.length);
    tar.finish();
    for (int i = 1; i <= 2; i++) {
      BuildResult built =
          machine.build(
              new ContextSource.Tar(new ByteArrayInputStream(sent.toByteArray())),
              BuildOptions.DEFAULTS,
              CallerSecrets.NONE,
              BuildListener.SILENT,
              "sent");
      assertThat(machine.files(built.imageId().orElseThrow())).containsKey("/all/Dockerfile");
      int builds = i;
      assertThat(cache().list())
          .filteredOn(item -> item.type() == CachedItem.Type.CONTEXT)
          .singleElement()
          .satisfies(item -> assertThat(item.uses()).isEqualTo(builds))
          .satisfies(item -> assertThat(item.bytes()).isGreaterThanOrEqualTo(dockerfile.length))
          .satisfies(
              item -> assertThat(item.description()).isEqualTo("sent build context, 1 entries"));
    }
    assertThat(cache().prune(ALL).ids()).hasSize(1);
    assertThat(cache().list()).noneMatch(item -> item.type() == CachedItem.Type.CONTEXT);
  }

  @Test
  void pruningBesideBuildsLosesNothingThatTheyUse() throws Exception {
    var stop = new AtomicBoolean();
    Thread pruner =
        Thread.ofVirtual()
            .start(() -> {
              while (!stop.get()) {
                try {
                  cache().prune(ALL);
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              }
            });
    var failures = new ArrayList<Throwable>();
    pruner.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
    try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      var builds = new ArrayList<Future<BuildResult>>();
      for (int i = 0; i < 8; i++) {
        int number = i;
        builds.add(
            threads.submit(() ->
                build(
                    "FROM busybox AS a\nRUN echo shared > /s\nRUN echo "
                        + number / 2
                        + " > /n\n"
                        + "FROM busybox\nCOPY --from=a /n /n\nRUN cat /n\n",
                    "n" + number)));
      }
      for (Future<BuildResult> build : builds) {
        assertThat(machine.files(build.get().imageId().orElseThrow())).containsKey("/n");
      }
    } finally {
      stop.set(true);
      pruner.join();
    }
    assertThat(failures).isEmpty();
  }
}
