package io.slipway.builder.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.builder.session.CallerSecrets;
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

/** Repositories on servers: submodules, logins, what is kept. */
class GitServersTest {
  private static final String BASIC =
      "basic "
          + Base64.getEncoder()
              .encodeToString("x-access-token:t0ken".getBytes(StandardCharsets.UTF_8));
  private static final CallerSecrets TOKEN =
      new CallerSecrets(
          Map.of("GIT_AUTH_TOKEN", "t0ken\n".getBytes(StandardCharsets.UTF_8)), Map.of());

  @TempDir Path temp;
  private GitServer closed;
  private GitServer open;
  private Remotes remotes;

  @BeforeEach
  void serve() throws Exception {
    closed = new GitServer(temp.resolve("closed"), BASIC);
    open = new GitServer(temp.resolve("open"), "");
    remotes = Remotes.in(temp.resolve("remotes"));
    Files.writeString(open.work("inner").resolve("inner"), "inner\n");
    open.publish("inner", "inner");
    withModule(open.work("outer"), "modules/inner", open.url("inner"));
    open.publish("outer", "outer");
  }

  /** Adds a submodule at the commit that the served repository has now. */
  private void withModule(Path work, String path, String url) throws Exception {
    Files.writeString(work.resolve("own"), "own\n");
    GitServer.git(work, "submodule", "add", "-q", url, path);
  }

  @AfterEach
  void stop() {
    closed.close();
    open.close();
  }

  private Path checkOut(String source, CallerSecrets secrets) throws Exception {
    Path target = Files.createTempDirectory(temp, "target");
    GitRemote remote = GitRemote.parse(source);
    GitCheckouts git = remotes.git();
    git.checkOut(remote, git.resolve(remote, secrets), secrets, target);
    return target;
  }

  @Test
  void submodulesComeAlongUnlessTheyAreNotWanted() throws Exception {
    Path all = checkOut(open.url("outer"), CallerSecrets.NONE);
    assertThat(all.resolve("own")).hasContent("own\n");
    assertThat(all.resolve("modules/inner/inner")).hasContent("inner\n");
    assertThat(all.resolve("modules/inner/.git")).doesNotExist();
    Path part = checkOut(open.url("outer") + "#main:modules/inner", CallerSecrets.NONE);
    assertThat(part.resolve("inner")).hasContent("inner\n");
    Path without = checkOut(open.url("outer") + "?submodules=false", CallerSecrets.NONE);
    assertThat(without.resolve("own")).exists();
    assertThat(without.resolve("modules/inner/inner")).doesNotExist();
    Path kept = checkOut(open.url("outer") + "?keep-git-dir=1", CallerSecrets.NONE);
    assertThat(kept.resolve(".git/HEAD")).exists();
    assertThat(GitServer.git(kept, "log", "--format=%s")).isEqualTo("outer");
  }

  @Test
  void aTokenGoesToTheServerItIsFor() throws Exception {
    withModule(closed.work("private"), "inner", open.url("inner"));
    closed.publish("private", "private");
    assertThatThrownBy(() -> checkOut(closed.url("private"), CallerSecrets.NONE))
        .hasMessageContaining("lend a token with --secret id=GIT_AUTH_TOKEN");
    int before = open.logins().size();
    Path files = checkOut(closed.url("private"), TOKEN);
    assertThat(files.resolve("inner/inner")).hasContent("inner\n");
    assertThat(closed.logins()).contains(BASIC);
    List<String> others = open.logins();
    assertThat(others.subList(before, others.size())).isNotEmpty().containsOnly("");
  }

  @Test
  void aWholeHeaderIsSentAsItIs() throws Exception {
    Files.writeString(closed.work("private").resolve("f"), "f\n");
    closed.publish("private", "private");
    byte[] header = (BASIC + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] wrong = "t0ken of nobody".getBytes(StandardCharsets.UTF_8);
    for (String id : List.of("GIT_AUTH_HEADER", "GIT_AUTH_HEADER.127.0.0.1")) {
      var secrets = new CallerSecrets(Map.of(id, header, "GIT_AUTH_TOKEN", wrong), Map.of());
      assertThat(checkOut(closed.url("private"), secrets).resolve("f")).hasContent("f\n");
    }
  }

  @Test
  void aTokenOfAnotherHostIsNotSent() throws Exception {
    Files.writeString(closed.work("private").resolve("f"), "f\n");
    closed.publish("private", "private");
    byte[] token = "t0ken".getBytes(StandardCharsets.UTF_8);
    var other = new CallerSecrets(Map.of("GIT_AUTH_TOKEN.example.com", token), Map.of());
    assertThatThrownBy(() -> checkOut(closed.url("private"), other))
        .hasMessageContaining("GIT_AUTH_TOKEN");
    assertThat(closed.logins()).containsOnly("");
    var own = new CallerSecrets(Map.of("GIT_AUTH_TOKEN.127.0.0.1", token), Map.of());
    assertThat(checkOut(closed.url("private"), own).resolve("f")).hasContent("f\n");
  }

  @Test
  void partsBehindLinksAreRefused() throws Exception {
    Path outside = Files.createDirectories(temp.resolve("outside/sub"));
    Files.writeString(outside.resolve("f"), "the host's\n");
    Path work = open.work("linked");
    Files.createSymbolicLink(work.resolve("link"), temp.resolve("outside"));
    open.publish("linked", "linked");
    for (String part : List.of("link", "link/sub")) {
      assertThatThrownBy(() -> checkOut(open.url("linked") + "#main:" + part, CallerSecrets.NONE))
          .hasMessageContaining("subdir " + part + " does not exist");
    }
    assertThat(outside.resolve("f")).hasContent("the host's\n");
  }

  @Test
  void whatIsKeptIsListedAndGoesWhenItIsNotRead() throws Exception {
    String secret = open.url("inner").replace("http://", "http://me:pass@");
    checkOut(secret, CallerSecrets.NONE);
    assertThat(remotes.list())
        .singleElement()
        .satisfies(kept -> {
          assertThat(kept.kind()).isEqualTo(KeptRemote.Kind.REPOSITORY);
          assertThat(kept.url()).isEqualTo(open.url("inner"));
          assertThat(kept.bytes()).isPositive();
          assertThat(kept.inUse()).isFalse();
        });
    KeptRemote kept = remotes.list().getFirst();
    assertThat(remotes.remove(kept)).isTrue();
    assertThat(remotes.remove(kept)).isFalse();
    assertThat(remotes.list()).isEmpty();
    assertThat(checkOut(secret, CallerSecrets.NONE).resolve("inner")).hasContent("inner\n");
  }
}
