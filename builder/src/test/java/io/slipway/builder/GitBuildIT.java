package io.slipway.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.builder.context.ContextSource;
import io.slipway.builder.context.DockerfileSource;
import io.slipway.builder.export.BuildOutput;
import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.frontend.NamedContext;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.prune.CachedItem;
import io.slipway.builder.prune.PruneRequest;
import io.slipway.builder.remote.GitRemote;
import io.slipway.builder.remote.GitServer;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Git repositories as contexts and in ADD, and what cannot run here; needs root. */
class GitBuildIT {
  private static final String BASIC =
      "basic "
          + Base64.getEncoder().encodeToString("x-access-token:t".getBytes(StandardCharsets.UTF_8));
  private static final CallerSecrets TOKEN =
      new CallerSecrets(Map.of("GIT_AUTH_TOKEN", "t".getBytes(StandardCharsets.UTF_8)), Map.of());

  @TempDir Path folder;
  private BuildMachine machine;
  private GitServer server;
  private String commit;

  @BeforeEach
  void open() throws Exception {
    server = new GitServer(folder.resolve("served"), "");
    Path module = server.work("module");
    Files.writeString(module.resolve("m"), "module\n");
    server.publish("module", "module");
    Path work = server.work("app");
    Files.createDirectories(work.resolve("part"));
    Files.writeString(work.resolve("f"), "one\n");
    Files.writeString(work.resolve("part/Dockerfile"), "FROM busybox\nCOPY . /all\n");
    Files.writeString(work.resolve("Dockerfile"), "FROM busybox\nCOPY f mod/m /\n");
    GitServer.git(work, "submodule", "add", "-q", server.url("module"), "mod");
    commit = server.publish("app", "one");
    GitServer.git(work, "tag", "v1");
    Files.writeString(work.resolve("f"), "two\n");
    server.publish("app", "two");
    machine = new BuildMachine(folder.resolve("data"));
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    assertThat(machine.unfinished()).isEmpty();
    machine.close();
  }

  private BuildResult build(
      ContextSource source, BuildOptions options, CallerSecrets secrets, Platform... platforms) {
    var request =
        new BuildRequest(
            source,
            new DockerfileSource.InContext("Dockerfile"),
            options,
            List.of(new BuildOutput.Image(List.of(Reference.parseWithDefaultTag("git")))),
            secrets,
            List.of(platforms));
    try (Build build = machine.builder.with(machine.images()).open(request)) {
      return build.run(BuildListener.SILENT);
    }
  }

  private Map<String, String> filesOfContext(String rest) throws Exception {
    var source = new ContextSource.Git(GitRemote.parse(server.url("app") + rest));
    BuildResult result = build(source, BuildOptions.DEFAULTS, CallerSecrets.NONE);
    return machine.files(result.imageId().orElseThrow());
  }

  private ContextSource context(String dockerfile) throws Exception {
    Path context = Files.createDirectories(folder.resolve("context"));
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    return new ContextSource.Directory(context);
  }

  private Map<String, String> files(String dockerfile, CallerSecrets secrets) throws Exception {
    BuildResult result = build(context(dockerfile), BuildOptions.DEFAULTS, secrets);
    return machine.files(result.imageId().orElseThrow());
  }

  @Test
  void contextsOfRefsPartsAndSubmodules() throws Exception {
    assertThat(filesOfContext(""))
        .containsEntry("/f", "file 644 0:0 two\n")
        .containsEntry("/m", "file 644 0:0 module\n");
    assertThat(filesOfContext("#v1")).containsEntry("/f", "file 644 0:0 one\n");
    assertThat(filesOfContext("#" + commit)).containsEntry("/f", "file 644 0:0 one\n");
    assertThat(filesOfContext("#main:part"))
        .containsKey("/all/Dockerfile")
        .doesNotContainKey("/all/f");
  }

  @Test
  void addOfRefsPartsAndSubmodules() throws Exception {
    String url = server.url("app");
    Map<String, String> files =
        files(
            "FROM busybox\n"
                + ("ADD " + url + " /new\n")
                + ("ADD " + url + "#v1 /old\n")
                + ("ADD --keep-git-dir=true " + url + "#v1 /kept\n")
                + ("ADD " + url + "#main:part /part\n")
                + ("ADD --checksum=" + commit + " " + url + "#v1 /checked\n"),
            CallerSecrets.NONE);
    assertThat(files)
        .containsEntry("/new/f", "file 644 0:0 two\n")
        .containsEntry("/new/mod/m", "file 644 0:0 module\n")
        .containsEntry("/old/f", "file 644 0:0 one\n")
        .containsEntry("/checked/f", "file 644 0:0 one\n")
        .containsKey("/kept/.git/HEAD")
        .containsKey("/part/Dockerfile")
        .doesNotContainKey("/new/.git")
        .doesNotContainKey("/part/f");
  }

  @Test
  void namedContextsAndTokens() throws Exception {
    try (var closed = new GitServer(folder.resolve("closed"), BASIC)) {
      Files.writeString(closed.work("private").resolve("f"), "private\n");
      closed.publish("private", "private");
      String add = "FROM busybox\nADD " + closed.url("private") + " /p\n";
      SlipwayException refused =
          catchThrowableOfType(SlipwayException.class, () -> files(add, CallerSecrets.NONE));
      assertThat(refused).hasMessageContaining("--secret id=GIT_AUTH_TOKEN");
      assertThat(files(add, TOKEN)).containsEntry("/p/f", "file 644 0:0 private\n");
      BuildOptions named =
          BuildOptions.DEFAULTS.with(o ->
              o.contexts(
                  Map.of("src", new NamedContext.Git(GitRemote.parse(closed.url("private"))))));
      BuildResult result = build(context("FROM busybox\nCOPY --from=src f /named\n"), named, TOKEN);
      assertThat(machine.files(result.imageId().orElseThrow()))
          .containsEntry("/named", "file 644 0:0 private\n");
    }
  }

  @Test
  void repositoriesAreCountedAndPruned() throws Exception {
    String add = "FROM busybox\nADD " + server.url("app") + "#v1 /old\n";
    files(add, CallerSecrets.NONE);
    assertThat(machine.builder.cache().list())
        .filteredOn(item -> item.type() == CachedItem.Type.GIT)
        .singleElement()
        .satisfies(item -> assertThat(item.bytes()).isPositive())
        .satisfies(item ->
            assertThat(item.description()).isEqualTo("git repository " + server.url("app")));
    machine.builder.cache().prune(PruneRequest.downTo(0));
    assertThat(machine.builder.cache().list())
        .noneMatch(item -> item.type() == CachedItem.Type.GIT);
    assertThat(files(add + "RUN cat /old/f\n", CallerSecrets.NONE)).containsKey("/old/f");
  }

  @Test
  void programsOfAnotherMachineNeedAnEmulator() throws Exception {
    // nobody has an emulator for it
    Platform foreign = Platform.parse("linux/sparc64");
    ContextSource source = context("FROM scratch\nCOPY Dockerfile /f\nRUN [\"/bin/true\"]\n");
    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class,
            () -> build(source, BuildOptions.DEFAULTS, CallerSecrets.NONE, foreign));
    assertThat(refused.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
    assertThat(refused)
        .hasMessageContaining("cannot run " + foreign + " programs on this machine")
        .hasMessageContaining("qemu-user-static");
    // files alone need none
    BuildResult files =
        build(
            context("FROM scratch\nCOPY Dockerfile /f\n"),
            BuildOptions.DEFAULTS,
            CallerSecrets.NONE,
            foreign);
    assertThat(machine.config(files.imageId().orElseThrow()).platform()).isEqualTo(foreign);
  }
}
