package io.slipway.builder.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.builder.session.CallerSecrets;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real program on a repository of this machine. */
class GitCheckoutsTest {
  @TempDir Path temp;
  private Path repository;
  private GitCheckouts checkouts;

  @BeforeEach
  void repository() throws Exception {
    repository = Files.createDirectory(temp.resolve("repository"));
    git("init", "-q", "-b", "main");
    commit("one");
    git("tag", "-a", "v1", "-m", "first");
    commit("two");
    checkouts = new GitCheckouts(temp.resolve("git"));
  }

  private String git(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("git", "-c", "user.name=n", "-c", "user.email=e"));
    command.addAll(List.of(arguments));
    Process git =
        new ProcessBuilder(command)
            .directory(repository.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(git.getInputStream().readAllBytes());
    assertThat(git.waitFor()).isZero();
    return output.strip();
  }

  private void commit(String content) throws Exception {
    Files.createDirectories(repository.resolve("sub"));
    Files.writeString(repository.resolve("f"), content);
    Files.writeString(repository.resolve("sub/g"), content);
    git("add", "-A");
    git("commit", "-q", "-m", content);
  }

  private Path checkOut(GitRemote remote) throws Exception {
    Path target = Files.createTempDirectory(temp, "target");
    String commit = checkouts.resolve(remote, CallerSecrets.NONE);
    checkouts.checkOut(remote, commit, CallerSecrets.NONE, target);
    return target;
  }

  private GitRemote remote(String rest) {
    return GitRemote.parse("file://" + repository + rest);
  }

  @Test
  void refsAndParts() throws Exception {
    assertThat(checkOut(remote("")).resolve("f")).hasContent("two");
    Path tag = checkOut(remote("#v1"));
    assertThat(tag.resolve("f")).hasContent("one");
    assertThat(tag.resolve(".git")).doesNotExist();
    assertThat(checkOut(remote("#main:sub")).resolve("g")).hasContent("two");
    String commit = git("rev-parse", "v1^{}");
    assertThat(checkOut(remote("#" + commit)).resolve("f")).hasContent("one");
    Path kept = checkOut(remote("").withKeptGitDirectory());
    assertThat(kept.resolve(".git/HEAD")).exists();
    try (var left = Files.list(temp.resolve("git"))) {
      assertThat(left.filter(p -> p.getFileName().toString().startsWith("work-"))).isEmpty();
    }
  }

  @Test
  void timesOfTheCommit() throws Exception {
    Path target = checkOut(remote("?mtime=commit"));
    long seconds = Long.parseLong(git("show", "-s", "--format=%ct"));
    assertThat(Files.getLastModifiedTime(target.resolve("f")).toInstant().getEpochSecond())
        .isEqualTo(seconds);
  }

  @Test
  void movesWithTheBranch() throws Exception {
    String before = checkouts.resolve(remote("#main"), CallerSecrets.NONE);
    commit("three");
    assertThat(checkouts.resolve(remote("#main"), CallerSecrets.NONE)).isNotEqualTo(before);
    assertThat(checkOut(remote("#main")).resolve("f")).hasContent("three");
  }

  @Test
  void refusals() throws Exception {
    assertThatThrownBy(() -> checkOut(remote("#absent")))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("repository does not contain ref absent");
    assertThatThrownBy(() -> checkOut(remote("#main:absent")))
        .hasMessageContaining("subdir absent does not exist");
    assertThatThrownBy(() -> checkOut(remote("").withChecksum("0000000")))
        .hasMessageContaining("expected checksum to match 0000000");
    assertThatThrownBy(() -> checkOut(GitRemote.parse("file:///nowhere.git")))
        .hasMessageContaining("git ls-remote failed");
  }
}
