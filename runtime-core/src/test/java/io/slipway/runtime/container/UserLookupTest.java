package io.slipway.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.spec.UserSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserLookupTest {
  @TempDir Path root;

  @BeforeEach
  void writeFiles() throws Exception {
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(
        root.resolve("etc/passwd"),
        """
        # comment
        root:x:0:0:root:/root:/bin/sh
        www:x:33:34:www:/var/www:/bin/false
        1234:x:77:78::/home/number:/bin/sh
        broken line
        nohome:x:5:5
        """);
    Files.writeString(
        root.resolve("etc/group"),
        "root:x:0:\nwheel:x:10:root,www\nweb:x:34:\nlog:x:4:www\n77:x:99:\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''        | 0    | 0   | 0 10     | /root",
        "root      | 0    | 0   | 0 10     | /root",
        "0         | 0    | 0   | 0 10     | /root",
        "www       | 33   | 34  | 34 10 4  | /var/www",
        "33        | 33   | 34  | 34 10 4  | /var/www",
        "www:root  | 33   | 0   | 0        | /var/www",
        "www:4     | 33   | 4   | 4        | /var/www",
        "www:4321  | 33   | 4321| 4321     | /var/www",
        "1234      | 1234 | 0   | 0        | /",
        "77        | 77   | 78  | 78       | /home/number",
        "5         | 5    | 5   | 5        | /",
        "8:9       | 8    | 9   | 9        | /",
        "www:77    | 33   | 77  | 77       | /var/www",
      })
  void findsUsers(String text, int uid, int gid, String groups, String home) throws Exception {
    Identity found = lookup().resolve(UserSpec.of(text));
    assertThat(found.uid()).isEqualTo(uid);
    assertThat(found.gid()).isEqualTo(gid);
    assertThat(found.groups())
        .containsExactlyElementsOf(
            List.of(groups.split(" ")).stream().map(Integer::valueOf).toList());
    assertThat(found.home()).isEqualTo(home);
  }

  @Test
  void addsGroups() throws Exception {
    assertThat(lookup().resolve(new UserSpec("www", List.of("web", "log", "555"))).groups())
        .containsExactly(34, 10, 4, 555);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nobody      | unable to find user nobody: no matching entries in passwd file",
        "www:nogroup | unable to find group nogroup: no matching entries in group file",
        "-1          | uids and gids must be in range 0-2147483647: -1",
        "2147483648  | uids and gids must be in range 0-2147483647: 2147483648",
      })
  void refusesWhatIsNotThere(String text, String message) {
    assertThatThrownBy(() -> lookup().resolve(UserSpec.of(text)))
        .isInstanceOf(ContainerStartException.class)
        .hasMessage(message);
  }

  @Test
  void worksWithoutFiles() throws Exception {
    Files.delete(root.resolve("etc/passwd"));
    Files.delete(root.resolve("etc/group"));
    Files.delete(root.resolve("etc"));
    assertThat(lookup().resolve(UserSpec.of("")).uid()).isZero();
    assertThat(lookup().resolve(UserSpec.of("7:8")).gid()).isEqualTo(8);
  }

  @Test
  void followsLinksInsideTheRootOnly() throws Exception {
    Files.move(root.resolve("etc/passwd"), root.resolve("users"));
    Files.createSymbolicLink(root.resolve("etc/passwd"), Path.of("/../../../users"));
    assertThat(lookup().resolve(UserSpec.of("www")).uid()).isEqualTo(33);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/etc/passwd        | /etc/passwd",
        "/no/such/file      | /no/such/file",
        "/no/../x           | /x",
        "/../../x           | /x",
        "/link/new          | /no/where/new",
        "/relative/new      | /etc/no/new",
        "/loop/x            | /loop/x",
        "/etc/passwd/x      | /etc/passwd/x",
      })
  void resolvesWhatIsMissing(String path, String expected) throws Exception {
    Files.createSymbolicLink(root.resolve("link"), Path.of("/no/./where"));
    Files.createSymbolicLink(root.resolve("relative"), Path.of("etc/no"));
    Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
    try (Fd fd = open()) {
      assertThat(PathResolution.resolve(fd, path)).isEqualTo(expected);
    }
  }

  private UserLookup lookup() throws Exception {
    try (Fd fd = open()) {
      return UserLookup.in(fd);
    }
  }

  private Fd open() throws Exception {
    return FileCalls.open(root, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, 0);
  }
}
