package io.slipway.dockerfile.parse;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which flags each instruction knows. Instructions that are not listed know none. */
final class FlagTable {

  /** How a flag is written. */
  enum Kind {
    /** {@code --name} or {@code --name=true|false}. */
    BOOLEAN,
    /** {@code --name=value}, once. */
    VALUE,
    /** {@code --name=value}, any number of times. */
    LIST
  }

  private static final Map<String, Map<String, Kind>> FLAGS =
      Map.of(
          "FROM",
          kinds(Map.of("platform", Kind.VALUE)),
          "RUN",
          kinds(
              Map.of(
                  "mount", Kind.LIST,
                  "device", Kind.LIST,
                  "network", Kind.VALUE,
                  "security", Kind.VALUE)),
          "COPY",
          kinds(
              Map.of(
                  "from", Kind.VALUE,
                  "chown", Kind.VALUE,
                  "chmod", Kind.VALUE,
                  "link", Kind.BOOLEAN,
                  "parents", Kind.BOOLEAN,
                  "exclude", Kind.LIST)),
          "ADD",
          kinds(
              Map.of(
                  "chown", Kind.VALUE,
                  "chmod", Kind.VALUE,
                  "link", Kind.BOOLEAN,
                  "exclude", Kind.LIST,
                  "checksum", Kind.VALUE,
                  "keep-git-dir", Kind.BOOLEAN,
                  "unpack", Kind.BOOLEAN)),
          "HEALTHCHECK",
          kinds(
              Map.of(
                  "interval", Kind.VALUE,
                  "timeout", Kind.VALUE,
                  "start-period", Kind.VALUE,
                  "start-interval", Kind.VALUE,
                  "retries", Kind.VALUE)));

  /** Values that are fixed words; every other value is free text here. */
  private static final Map<String, List<String>> WORDS =
      Map.of(
          "network", List.of("default", "none", "host"),
          "security", List.of("sandbox", "insecure"));

  private FlagTable() {}

  /** By name in alphabetical order, so that suggestions do not depend on chance. */
  static Map<String, Kind> of(String instruction) {
    return FLAGS.getOrDefault(instruction, Map.of());
  }

  /** The only values the flag may have; empty if it may have any. */
  static List<String> wordsOf(String flag) {
    return WORDS.getOrDefault(flag, List.of());
  }

  private static Map<String, Kind> kinds(Map<String, Kind> kinds) {
    return java.util.Collections.unmodifiableMap(new TreeMap<>(kinds));
  }
}
