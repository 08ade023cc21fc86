package io.slipway.dockerfile.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.dockerfile.Table;
import io.slipway.dockerfile.word.Env;
import io.slipway.dockerfile.word.WordExpander;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RunMountTest {

  private static final Env ENV = Env.of(Map.of("dir", "/data", "n", "7"));

  static Stream<Arguments> mounts() {
    return Table.read("mounts.txt");
  }

  @ParameterizedTest
  @MethodSource("mounts")
  void reads(String value, String expected) {
    var expander = new WordExpander('\\');
    if (expected.startsWith("! ")) {
      assertThatThrownBy(() -> RunMount.parse(value, word -> expander.expand(word, ENV).text()))
          .isInstanceOf(FlagValueException.class)
          .hasMessage(expected.substring(2));
    } else {
      assertThat(show(RunMount.parse(value, word -> expander.expand(word, ENV).text())))
          .isEqualTo(expected);
    }
  }

  private static String show(RunMount mount) {
    List<String> parts = new ArrayList<>();
    parts.add(mount.type() + (mount.readOnly() ? " ro" : " rw"));
    if (mount.required()) {
      parts.add("required");
    }
    add(parts, "from", mount.from());
    add(parts, "source", mount.source());
    add(parts, "target", mount.target());
    add(parts, "id", mount.id());
    add(parts, "env", mount.env());
    add(parts, "sharing", mount.sharing());
    mount.sizeBytes().ifPresent(size -> parts.add("size=" + size));
    mount.mode().ifPresent(mode -> parts.add("mode=" + Integer.toOctalString(mode)));
    mount.uid().ifPresent(uid -> parts.add("uid=" + uid));
    mount.gid().ifPresent(gid -> parts.add("gid=" + gid));
    return String.join(" ", parts);
  }

  private static void add(List<String> parts, String name, Optional<?> value) {
    value.ifPresent(present -> parts.add(name + "=" + present));
  }
}
