package io.slipway.testing;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tables of ARCHITECTURE.md that the build enforces: which module may import which, and which
 * package may touch which library. One place to change them.
 */
final class ModuleRules {
  private ModuleRules() {}

  /** Module to the areas ({@code io.slipway.<area>}) its classes may use, its own included. */
  static final Map<String, Set<String>> AREAS =
      Map.of(
          "testing", Set.of("testing"),
          "dockerfile-grammar", Set.of("dockerfile"),
          "image-core", Set.of("image"),
          "runtime-core", Set.of("runtime", "image"),
          "registry", Set.of("registry", "image"),
          "builder", Set.of("builder", "dockerfile", "image", "runtime"),
          "engine", Set.of("engine", "builder", "image", "runtime"),
          "cli", Set.of("cli", "engine", "registry", "builder", "image", "runtime"),
          "benchmarks",
              Set.of(
                  "benchmarks",
                  "cli",
                  "engine",
                  "registry",
                  "builder",
                  "dockerfile",
                  "image",
                  "runtime"));

  /** Package prefix of a library, and the packages (prefixes) that alone may use it. */
  record LibraryRule(String library, List<String> users) {}

  static final List<LibraryRule> LIBRARIES =
      List.of(
          new LibraryRule(
              "org.antlr", List.of("io.slipway.dockerfile.grammar", "io.slipway.dockerfile.parse")),
          new LibraryRule(
              "jnr.", List.of("io.slipway.runtime.linux", "io.slipway.runtime.process")),
          new LibraryRule(
              "com.kenai.jffi", List.of("io.slipway.runtime.linux", "io.slipway.runtime.process")),
          new LibraryRule(
              "io.vertx",
              List.of(
                  "io.slipway.registry.http", "io.slipway.engine.http", "io.slipway.cli.client")),
          new LibraryRule(
              "io.netty", List.of("io.slipway.registry.http", "io.slipway.engine.http")),
          new LibraryRule(
              "java.sql",
              List.of(
                  "io.slipway.registry.store",
                  "io.slipway.engine.state",
                  "io.slipway.builder.cache")),
          new LibraryRule(
              "org.sqlite",
              List.of(
                  "io.slipway.registry.store",
                  "io.slipway.engine.state",
                  "io.slipway.builder.cache")),
          new LibraryRule("io.micrometer", List.of("io.slipway.registry.http")),
          new LibraryRule(
              "com.fasterxml.jackson.dataformat", List.of("io.slipway.registry.config")),
          new LibraryRule("picocli", List.of("io.slipway.cli.command")),
          new LibraryRule(
              "org.bouncycastle", List.of("io.slipway.registry.auth", "io.slipway.registry.tls")));
}
