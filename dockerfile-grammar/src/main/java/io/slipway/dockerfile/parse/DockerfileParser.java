package io.slipway.dockerfile.parse;

import io.slipway.dockerfile.ast.Dockerfile;
import java.nio.charset.StandardCharsets;

/** Reads Dockerfiles. It never throws for any text: faults are in the result's diagnostics. */
public final class DockerfileParser {

  private DockerfileParser() {}

  /** Reads a whole Dockerfile, as UTF-8; bytes that are not become U+FFFD. */
  public static Dockerfile parse(byte[] text) {
    return parse(new String(text, StandardCharsets.UTF_8));
  }

  /** Reads a whole Dockerfile. */
  public static Dockerfile parse(String text) {
    throw new UnsupportedOperationException("not written yet: " + text);
  }

  /**
   * Reads the text of one ONBUILD trigger, as an image's config stores it: a single instruction,
   * escape character {@code \}, no FROM needed. Ranges count from the trigger's own first line.
   */
  public static Dockerfile parseTrigger(String trigger) {
    throw new UnsupportedOperationException("not written yet: " + trigger);
  }
}
