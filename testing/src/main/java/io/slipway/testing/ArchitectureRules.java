package io.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The rules of ARCHITECTURE.md sections 1 and 9, checked for the module whose test extends this
 * class. Surefire starts a module's tests in the module's folder, so the paths are relative to it.
 */
public abstract class ArchitectureRules {
  private static final Path MAIN = Path.of("src/main/java");
  private static final Path TEST = Path.of("src/test/java");
  private static final Path CLASSES = Path.of("target/classes");

  private final String module = Path.of("").toAbsolutePath().getFileName().toString();

  @Test
  void packagesFormNoCycle() {
    assertThat(PackageGraph.of(CLASSES).cycles()).as("package cycles").isEmpty();
  }

  @Test
  void importsOnlyTheModulesItMay() {
    Set<String> allowed = ModuleRules.AREAS.get(module);
    assertThat(allowed).as("ModuleRules knows " + module).isNotNull();
    List<String> wrong = new ArrayList<>();
    PackageGraph.of(CLASSES)
        .uses()
        .forEach((user, used) ->
            used.stream()
                .filter(p -> p.startsWith("io.slipway."))
                .filter(p -> !allowed.contains(p.split("\\.")[2]))
                .forEach(p -> wrong.add(user + " -> " + p)));
    assertThat(wrong).as("imports across modules that the table forbids").isEmpty();
  }

  @Test
  void librariesStayInTheirPackages() {
    List<String> wrong = new ArrayList<>();
    Map<String, Set<String>> uses = PackageGraph.of(CLASSES).uses();
    for (ModuleRules.LibraryRule rule : ModuleRules.LIBRARIES) {
      uses.forEach((user, used) -> {
        boolean allowed =
            user.startsWith("io.slipway.benchmarks")
                || rule.users().stream().anyMatch(user::startsWith);
        if (!allowed && used.stream().anyMatch(p -> p.startsWith(rule.library()))) {
          wrong.add(user + " uses " + rule.library());
        }
      });
    }
    assertThat(wrong).as("libraries outside the packages that may use them").isEmpty();
  }

  @Test
  void everyPackageIsExplained() throws IOException {
    Set<Path> bare = new TreeSet<>();
    for (Path source : sources(MAIN)) {
      if (!Files.exists(source.resolveSibling("package-info.java"))) {
        bare.add(source.getParent());
      }
    }
    assertThat(bare).as("packages without package-info.java").isEmpty();
  }

  @Test
  void filesMethodsAndInterfacesAreSmall() throws IOException {
    assertThat(SourceSizes.violations(sources(MAIN))).isEmpty();
  }

  @Test
  void sourcesAreFormatted() throws IOException {
    List<Path> all = new ArrayList<>(sources(MAIN));
    all.addAll(sources(TEST));
    assertThat(new SourceFormat().violations(all)).isEmpty();
  }

  private static List<Path> sources(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> tree = Files.walk(root)) {
      return tree.filter(p -> p.toString().endsWith(".java")).sorted().toList();
    }
  }
}
