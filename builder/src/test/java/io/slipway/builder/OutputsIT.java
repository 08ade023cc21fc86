package io.slipway.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.slipway.builder.context.ContextSource;
import io.slipway.builder.context.DockerfileSource;
import io.slipway.builder.export.BuildOutput;
import io.slipway.builder.export.Packing;
import io.slipway.builder.export.Sink;
import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.frontend.NamedContext;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.image.content.LayerPacking;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Compression;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes from elsewhere than the context, and what builds give out; needs root. */
class OutputsIT {
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

  private BuildResult build(
      String dockerfile, BuildOptions options, List<Platform> platforms, BuildOutput... outputs)
      throws Exception {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    var request =
        new BuildRequest(
            new ContextSource.Directory(context),
            new DockerfileSource.InContext("Dockerfile"),
            options,
            List.of(outputs),
            CallerSecrets.NONE,
            platforms);
    try (Build build = machine.builder.with(machine.images()).open(request)) {
      return build.run(BuildListener.SILENT);
    }
  }

  private Map<String, String> files(String dockerfile, BuildOptions options) throws Exception {
    BuildResult result = build(dockerfile, options, List.of(), new BuildOutput.Image(List.of()));
    return machine.files(result.imageId().orElseThrow());
  }

  private static Map<String, Long> entries(byte[] tar) throws Exception {
    var entries = new java.util.TreeMap<String, Long>();
    TarReader reader = new TarReader(new ByteArrayInputStream(tar));
    for (Optional<TarEntry> e = reader.next(); e.isPresent(); e = reader.next()) {
      entries.put(e.get().name(), e.get().size());
    }
    return entries;
  }

  @Test
  void urlsAreAdded() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = "hello\n".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      String dockerfile =
          "FROM busybox\nADD "
              + url
              + "/f.txt?x=1 "
              + url
              + " /d/\nADD --chown=7 --chmod=640 "
              + url
              + "/f.txt /g\nRUN stat -c %Y /d/f.txt > /time\n";
      assertThat(files(dockerfile, BuildOptions.DEFAULTS))
          .containsEntry("/d/f.txt", "file 600 0:0 hello\n")
          .containsEntry("/d/__unnamed__", "file 600 0:0 hello\n")
          .containsEntry("/g", "file 640 7:7 hello\n")
          .containsEntry("/time", "file 644 0:0 1445412480\n");
      BuildResult again =
          build(dockerfile, BuildOptions.DEFAULTS, List.of(), new BuildOutput.Image(List.of()));
      assertThat(again.ranSteps()).isZero();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void namedContextsStandForStagesAndImages(@TempDir Path other) throws Exception {
    Files.writeString(other.resolve("f"), "named");
    Files.writeString(other.resolve("hidden"), "h");
    Files.writeString(other.resolve(".dockerignore"), "hidden\n");
    BuildOptions options =
        BuildOptions.DEFAULTS.with(o ->
            o.contexts(
                Map.of(
                    "files", new NamedContext.Local(other),
                    "absent:1", new NamedContext.Image(Reference.parseWithDefaultTag("busybox")))));
    String dockerfile =
        """
        FROM scratch AS files
        COPY nothing /here
        FROM files AS whole
        FROM docker.io/library/absent:1
        COPY --from=files /f /copied
        COPY --from=whole /f /fromstage
        RUN --mount=from=files,target=/m ls /m > /list
        """;
    assertThat(files(dockerfile, options))
        .containsEntry("/copied", "file 644 0:0 named")
        .containsEntry("/fromstage", "file 644 0:0 named")
        .containsEntry("/list", "file 644 0:0 f\n")
        .containsKey("/bin/busybox");
  }

  @Test
  void severalOutputsOfSeveralStages() throws Exception {
    var tar = new ByteArrayOutputStream();
    var oci = new ByteArrayOutputStream();
    var zstd =
        new Packing(
            new LayerPacking(Compression.ZSTD, OptionalInt.of(1), true),
            false,
            Map.of("a", "b"),
            Map.of());
    Reference name = Reference.parseWithDefaultTag("app:1");
    BuildResult result =
        build(
            """
            FROM busybox AS make
            RUN echo x > /x && ln /x /y
            FROM scratch AS bin
            COPY --from=make /x /y /
            FROM busybox AS app
            COPY --from=make /x /x
            """,
            BuildOptions.DEFAULTS,
            List.of(),
            new BuildOutput.Tar("bin", Sink.of(tar)),
            new BuildOutput.Archive("app", false, List.of(name), zstd, Sink.of(oci)),
            new BuildOutput.Image("", List.of(name)));
    assertThat(entries(tar.toByteArray())).containsOnlyKeys("x", "y");
    String layout = oci.toString(StandardCharsets.ISO_8859_1);
    assertThat(entries(oci.toByteArray())).containsKeys("index.json", "oci-layout");
    assertThat(layout)
        .contains("application/vnd.oci.image.layer.v1.tar+zstd")
        .contains("\"annotations\":{\"a\":\"b\"}");
    assertThat(result.tags()).containsExactly(name);
    assertThat(result.manifest()).isPresent();
  }

  @Test
  void aLayerIsPackedOncePerKind() throws Exception {
    String dockerfile = "FROM scratch\nCOPY Dockerfile /d\n";
    var packed = new ArrayList<String>();
    for (int i = 0; i < 2; i++) {
      BuildResult result =
          build(
              dockerfile,
              BuildOptions.DEFAULTS,
              List.of(),
              new BuildOutput.Archive(
                  "", true, List.of(), Packing.DEFAULT, Sink.of(new ByteArrayOutputStream())));
      packed.add(result.manifest().orElseThrow().digest().toString());
    }
    assertThat(packed.get(0)).isEqualTo(packed.get(1));
    var diffId =
        machine
            .config(
                build(
                        dockerfile,
                        BuildOptions.DEFAULTS,
                        List.of(),
                        new BuildOutput.Image(List.of()))
                    .imageId()
                    .orElseThrow())
            .rootFs()
            .diffIds()
            .getFirst();
    assertThat(machine.layers.find(diffId)).hasSize(1);
  }

  @Test
  void onePlatformInTheFormOfSeveral() throws Exception {
    var oci = new ByteArrayOutputStream();
    var tar = new ByteArrayOutputStream();
    BuildResult result =
        build(
            "FROM busybox AS a\nRUN echo x > /x\nFROM scratch\nCOPY --from=a /x /\n",
            BuildOptions.DEFAULTS.withBuildArgs(Map.of("BUILDKIT_MULTI_PLATFORM", "1")),
            List.of(),
            new BuildOutput.Archive("", false, List.of(), Packing.DEFAULT, Sink.of(oci)),
            new BuildOutput.Tar("", Sink.of(tar)));
    assertThat(result.manifest().orElseThrow().mediaType())
        .isEqualTo("application/vnd.oci.image.index.v1+json");
    String platform = Platform.host().toString().replace('/', '_');
    assertThat(entries(tar.toByteArray())).containsKey(platform + "/x");
  }

  @Test
  void severalPlatforms() throws Exception {
    var oci = new ByteArrayOutputStream();
    var tar = new ByteArrayOutputStream();
    List<Platform> platforms =
        List.of(new Platform("linux", "amd64"), new Platform("linux", "riscv64"));
    String dockerfile =
        """
        FROM --platform=$BUILDPLATFORM busybox AS make
        ARG TARGETARCH
        RUN echo $TARGETARCH > /arch
        FROM scratch
        COPY --from=make /arch /
        """;
    BuildResult result =
        build(
            dockerfile,
            BuildOptions.DEFAULTS,
            platforms,
            new BuildOutput.Archive("", false, List.of(), Packing.DEFAULT, Sink.of(oci)),
            new BuildOutput.Tar("", Sink.of(tar)));
    assertThat(result.manifest().orElseThrow().mediaType())
        .isEqualTo("application/vnd.oci.image.index.v1+json");
    assertThat(entries(tar.toByteArray()))
        .containsEntry("linux_amd64/arch", 6L)
        .containsEntry("linux_riscv64/arch", 8L);
    assertThat(
            catchThrowableOfType(
                SlipwayException.class,
                () ->
                    build(
                        dockerfile,
                        BuildOptions.DEFAULTS,
                        platforms,
                        new BuildOutput.Image(List.of()))))
        .hasMessageContaining("cannot be kept by this engine: push it");
  }
}
