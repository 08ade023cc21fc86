package io.slipway.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.spec.IdMappings;
import io.slipway.runtime.spec.IdMappings.Range;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemappedUsersTest {
  @TempDir Path etc;

  @BeforeEach
  void machine() throws Exception {
    Files.writeString(
        etc.resolve("passwd"),
        "root:x:0:0::/:/bin/sh\nmapper:x:1234:1234::/:/bin/false\nbare:x:1300:1300::/:/x\n");
    Files.writeString(
        etc.resolve("group"), "root:x:0:\nmapper:x:1234:\nothers:x:1400:\nbare:x:1300:\n");
    Files.writeString(etc.resolve("subuid"), "mapper:300000:1000\nmapper:500000:65536\n");
    Files.writeString(etc.resolve("subgid"), "1234:400000:65536\nothers:700000:10\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mapper", "1234", "mapper:mapper", "1234:1234", "mapper:1234"})
  void takesAllRangesOfTheUserAndTheGroupOneAfterTheOther(String setting) {
    assertThat(RemappedUsers.parse(setting, etc))
        .contains(
            new IdMappings(
                List.of(new Range(0, 300000, 1000), new Range(1000, 500000, 65536)),
                List.of(new Range(0, 400000, 65536))));
  }

  @Test
  void takesAnotherGroup() {
    Optional<IdMappings> users = RemappedUsers.parse("mapper:others", etc);
    assertThat(users.orElseThrow().hostGid(9)).isEqualTo(700009);
    assertThat(users.orElseThrow().hostUid(1000)).isEqualTo(500000);
  }

  @Test
  void rootIsNotMappedToItself() {
    assertThat(RemappedUsers.parse("root", etc)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "a:b:c, Invalid user/group specification",
    "nobody, user \"nobody\" has no entry in",
    "77, user \"77\" has no entry in",
    "mapper:none, group \"none\" has no entry in",
    "default, useradd --system --user-group dockremap",
    "bare, Can't create ID mappings: no subuid ranges found for \"bare\"",
  })
  void saysWhatIsMissing(String setting, String message) {
    assertThatThrownBy(() -> RemappedUsers.parse(setting, etc))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining(message);
  }
}
