package io.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** This module's own rules, and the one that concerns the whole tree. */
class ArchitectureTest extends ArchitectureRules {
  @Test
  void theDesignsModuleTableIsTheReactor() throws IOException {
    List<String> reactor = matches("../pom.xml", "<module>([^<]+)</module>");
    List<String> table = matches("../ARCHITECTURE.md", "(?m)^\\| `([a-z-]+)` \\|");
    assertThat(table).containsExactlyInAnyOrderElementsOf(reactor);
    assertThat(ModuleRules.AREAS.keySet()).containsExactlyInAnyOrderElementsOf(reactor);
  }

  private static List<String> matches(String file, String pattern) throws IOException {
    return Pattern.compile(pattern)
        .matcher(Files.readString(Path.of(file)))
        .results()
        .map(m -> m.group(1))
        .toList();
  }
}
