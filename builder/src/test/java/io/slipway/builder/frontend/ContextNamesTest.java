package io.slipway.builder.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.model.Platform;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContextNamesTest {
  private static final Map<String, NamedContext> CONTEXTS = new LinkedHashMap<>();

  static {
    for (String name :
        List.of("plain", "Tools", "busybox", "base", "base::linux/amd64", "arm::linux/arm64")) {
      CONTEXTS.put(name, new NamedContext.Local(Path.of("/" + name)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "linux/amd64, plain, plain",
    "linux/amd64, PLAIN, plain",
    "linux/amd64, tools, Tools",
    "linux/amd64, docker.io/library/busybox:latest, busybox",
    "linux/amd64, busybox:1, ''",
    "linux/amd64, base, base::linux/amd64",
    "linux/arm64, base, base",
    "linux/arm64, arm, arm::linux/arm64",
    "linux/amd64, arm, ''",
    "linux/amd64, none, ''"
  })
  void findsByNameImageAndPlatform(String platform, String name, String found) {
    var names = new ContextNames(CONTEXTS, Platform.parse(platform));
    String context =
        names.find(name).map(origin -> ((StageTable.Origin.Context) origin).name()).orElse("");
    assertThat(context).isEqualTo(found);
  }
}
