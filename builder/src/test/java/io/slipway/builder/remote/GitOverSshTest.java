package io.slipway.builder.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.builder.session.CallerSecrets;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Repositories by SSH, with a program in the place of ssh that notes what it is asked and does it
 * on this machine.
 */
class GitOverSshTest {
  @TempDir Path temp;
  private Path repository;
  private Path ssh;
  private Path said;

  @BeforeEach
  void publish() throws Exception {
    Path work = Files.createDirectory(temp.resolve("work"));
    repository = temp.resolve("team/app.git");
    said = temp.resolve("said");
    GitServer.git(work, "init", "-q", "-b", "main");
    Files.createDirectories(work.resolve("sub"));
    Files.writeString(work.resolve("sub/f"), "by ssh\n");
    GitServer.git(work, "add", "-A");
    GitServer.git(work, "commit", "-q", "-m", "one");
    GitServer.git(work, "tag", "v1");
    GitServer.git(temp, "clone", "-q", "--bare", work.toString(), repository.toString());
    ssh =
        program(
            """
            echo "$SSH_AUTH_SOCK $*" >> %s
            for last; do :; done
            exec sh -c "$last"
            """
                .formatted(said));
  }

  private Path program(String lines) throws IOException {
    // git goes by the name when it decides how to say which port
    Path program = Files.createTempDirectory(temp, "bin").resolve("ssh");
    Files.writeString(program, "#!/bin/sh\n" + lines);
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  private Path checkOut(Path program, String source, CallerSecrets secrets) throws Exception {
    GitRemote remote = GitRemote.parse(source);
    var git = new GitCheckouts(Files.createTempDirectory(temp, "git"), program.toString());
    Path target = Files.createTempDirectory(temp, "target");
    git.checkOut(remote, git.resolve(remote, secrets), secrets, target);
    return target;
  }

  @Test
  void bothFormsOfAddressesWork() throws Exception {
    var agent = new CallerSecrets(Map.of(), Map.of("default", Path.of("/lent/agent")));
    for (String source :
        List.of("git@example.com:" + repository, "ssh://git@example.com:2222" + repository)) {
      for (String part : List.of("", "#v1", "#main:sub")) {
        Path files = checkOut(ssh, source + part, agent);
        assertThat(files.resolve(part.endsWith("sub") ? "f" : "sub/f")).hasContent("by ssh\n");
      }
    }
    assertThat(Files.readAllLines(said))
        .hasSizeGreaterThanOrEqualTo(12)
        .allMatch(line -> line.startsWith("/lent/agent -F /dev/null -o BatchMode=yes"))
        .allMatch(line -> line.contains("git@example.com git-upload-pack '" + repository + "'"))
        .anyMatch(line -> line.contains("-p 2222 "));
  }

  @Test
  void withoutAnAgentThereIsNone() throws Exception {
    checkOut(ssh, "git@example.com:" + repository, CallerSecrets.NONE);
    assertThat(Files.readAllLines(said)).isNotEmpty().allMatch(line -> line.startsWith(" -F "));
  }

  @Test
  void aHostThatLetsNobodyInIsTold() throws Exception {
    Path refusing = program("echo 'git@h: Permission denied (publickey).' >&2; exit 255\n");
    SlipwayException failure =
        catchThrowableOfType(
            SlipwayException.class,
            () -> checkOut(refusing, "git@example.com:" + repository, CallerSecrets.NONE));
    assertThat(failure.kind()).isEqualTo(ErrorKind.UNAUTHORIZED);
    assertThat(failure).hasMessageContaining("Permission denied").hasMessageContaining("--ssh");
  }
}
