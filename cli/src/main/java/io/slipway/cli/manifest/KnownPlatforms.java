package io.slipway.cli.manifest;

import java.util.Map;
import java.util.Set;

/** The processors that Go, and so docker, knows for each operating system. */
public final class KnownPlatforms {
  private static final Map<String, Set<String>> ARCHITECTURES =
      Map.ofEntries(
          Map.entry("aix", Set.of("ppc64")),
          Map.entry("android", Set.of("386", "amd64", "arm", "arm64")),
          Map.entry("darwin", Set.of("386", "amd64", "arm", "arm64")),
          Map.entry("dragonfly", Set.of("amd64")),
          Map.entry("freebsd", Set.of("386", "amd64", "arm")),
          Map.entry("illumos", Set.of("amd64")),
          Map.entry("ios", Set.of("amd64", "arm64")),
          Map.entry("js", Set.of("wasm")),
          Map.entry(
              "linux",
              Set.of(
                  "386",
                  "amd64",
                  "arm",
                  "arm64",
                  "loong64",
                  "mips",
                  "mips64",
                  "mips64le",
                  "mipsle",
                  "ppc64le",
                  "riscv64",
                  "s390x")),
          Map.entry("netbsd", Set.of("386", "amd64", "arm")),
          Map.entry("openbsd", Set.of("386", "amd64", "arm")),
          Map.entry("plan9", Set.of("386", "amd64")),
          Map.entry("solaris", Set.of("amd64")),
          Map.entry("windows", Set.of("386", "amd64", "arm", "arm64")));

  private KnownPlatforms() {}

  public static boolean has(String os, String architecture) {
    return ARCHITECTURES.getOrDefault(os, Set.of()).contains(architecture);
  }
}
