package io.slipway.builder.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.builder.session.CallerSecrets;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Repositories that want more than to be read. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HostileRepositoriesTest {
  @TempDir Path temp;
  private Path repository;
  private Path outside;
  private GitCheckouts checkouts;

  @BeforeEach
  void repository() throws Exception {
    repository = Files.createDirectory(temp.resolve("repository"));
    outside = Files.createDirectories(temp.resolve("outside/sub"));
    Files.writeString(outside.resolve("secret"), "of the host");
    git("init", "-q", "-b", "main");
    checkouts = new GitCheckouts(temp.resolve("git"));
  }

  @AfterEach
  void nothingOutsideIsTouched() throws IOException {
    assertThat(outside.resolve("secret")).hasContent("of the host");
    try (var left = Files.list(temp.resolve("git"))) {
      assertThat(left.filter(p -> p.getFileName().toString().startsWith("work-"))).isEmpty();
    }
  }

  private void git(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("git", "-c", "user.name=n", "-c", "user.email=e"));
    command.addAll(List.of(arguments));
    Process git =
        new ProcessBuilder(command)
            .directory(repository.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(git.getInputStream().readAllBytes());
    assertThat(git.waitFor()).as(output).isZero();
  }

  private void commitAll() throws Exception {
    git("add", "-A");
    git("commit", "-q", "-m", "all");
  }

  private Path checkOut(String rest) throws Exception {
    Path target = Files.createTempDirectory(temp, "target");
    GitRemote remote = GitRemote.parse("file://" + repository + rest);
    String commit = checkouts.resolve(remote, CallerSecrets.NONE);
    checkouts.checkOut(remote, commit, CallerSecrets.NONE, target);
    return target;
  }

  @ParameterizedTest
  @ValueSource(strings = {"#main:way/sub", "#main:whole", "#main:dir/up/outside/sub", "#main:f"})
  void aPartIsNeverReachedThroughALink(String part) throws Exception {
    Files.createSymbolicLink(repository.resolve("way"), temp.resolve("outside"));
    Files.createSymbolicLink(repository.resolve("whole"), outside);
    Files.createDirectory(repository.resolve("dir"));
    Files.createSymbolicLink(repository.resolve("dir/up"), temp);
    Files.writeString(repository.resolve("f"), "a file");
    commitAll();
    SlipwayException failure = catchThrowableOfType(SlipwayException.class, () -> checkOut(part));
    assertThat(failure).hasMessageContaining("does not exist in git repository");
    assertThat(failure.kind()).isEqualTo(ErrorKind.NOT_FOUND);
  }

  @Test
  void linksArriveAsLinks() throws Exception {
    Files.createSymbolicLink(repository.resolve("way"), outside.resolve("secret"));
    Files.createSymbolicLink(repository.resolve("self"), Path.of("self"));
    Files.writeString(repository.resolve("f"), "f");
    commitAll();
    Path target = checkOut("?mtime=commit");
    assertThat(Files.readSymbolicLink(target.resolve("way"))).isEqualTo(outside.resolve("secret"));
    assertThat(target.resolve("self")).isSymbolicLink();
    assertThat(Files.getLastModifiedTime(outside.resolve("secret")).toMillis())
        .isGreaterThan(System.currentTimeMillis() - Duration.ofMinutes(5).toMillis());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext::sh -c touch% PWNED", "--upload-pack=PWNED", "/OUTSIDE", "../../x"})
  void submodulesRunNothingAndReadNothingOfTheHost(String url) throws Exception {
    Path pwned = temp.resolve("pwned");
    String real =
        url.replace("PWNED", pwned.toString()).replace("/OUTSIDE", temp.resolve("other") + "");
    Path other = Files.createDirectory(temp.resolve("other"));
    Files.writeString(other.resolve("private"), "private");
    Process process = new ProcessBuilder("git", "init", "-q").directory(other.toFile()).start();
    assertThat(process.waitFor()).isZero();
    Files.writeString(
        repository.resolve(".gitmodules"),
        "[submodule \"m\"]\n\tpath = m\n\turl = " + real + "\n\tupdate = !touch " + pwned + "\n");
    git("add", "-A");
    git("update-index", "--add", "--cacheinfo", "160000," + "1".repeat(40) + ",m");
    git("commit", "-q", "-m", "all");
    assertThat(catchThrowable(() -> checkOut(""))).isInstanceOf(SlipwayException.class);
    assertThat(pwned).doesNotExist();
  }

  @Test
  void hooksAndFiltersOfARepositoryDoNotRun() throws Exception {
    Path pwned = temp.resolve("pwned");
    Files.writeString(repository.resolve(".gitattributes"), "* filter=evil diff=evil\n");
    Files.createDirectory(repository.resolve("hooks"));
    Path hook = repository.resolve("hooks/post-checkout");
    Files.writeString(hook, "#!/bin/sh\ntouch " + pwned + "\n");
    hook.toFile().setExecutable(true);
    Files.writeString(repository.resolve("HEAD"), "ref: refs/heads/main\n");
    Files.writeString(
        repository.resolve("config"),
        "[core]\n\thooksPath = hooks\n[filter \"evil\"]\n\tsmudge = touch " + pwned + "\n");
    commitAll();
    Path target = checkOut("");
    assertThat(target.resolve("config")).exists();
    assertThat(pwned).doesNotExist();
  }

  @Test
  void aServerThatNeverAnswersDoesNotHoldACancelledBuild() throws Exception {
    try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      GitRemote remote = GitRemote.parse("git://127.0.0.1:" + server.getLocalPort() + "/x");
      var ended = new AtomicReference<Throwable>();
      Thread build =
          Thread.ofVirtual()
              .start(() ->
                  ended.set(catchThrowable(() -> checkouts.resolve(remote, CallerSecrets.NONE))));
      server.accept().getInputStream().read();
      build.interrupt();
      assertThat(build.join(Duration.ofSeconds(10))).isTrue();
      assertThat(ended.get()).isInstanceOf(InterruptedException.class);
    }
  }
}
