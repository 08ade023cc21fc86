package io.slipway.builder.check;

import io.slipway.dockerfile.check.CheckWarning;
import java.util.Objects;

/**
 * Something that a check found.
 *
 * @param rule its name
 * @param description what the rule is about
 * @param url of a page about it; empty if there is none
 * @param detail how it is broken here
 */
public record CheckFinding(
    String rule, String description, String url, String detail, Lines lines) {
  private static final String STRICT = "Strict";

  public CheckFinding {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(detail, "detail");
    Objects.requireNonNull(lines, "lines");
  }

  static CheckFinding of(CheckWarning warning) {
    return new CheckFinding(
        warning.rule().title(),
        warning.rule().description(),
        warning.rule().url(),
        warning.detail(),
        Lines.of(warning.range()));
  }

  /** What only strict builds refuse counts as a rule of that name. */
  static CheckFinding of(StrictFinding finding) {
    return new CheckFinding(
        STRICT,
        "What would pass silently and is hardly meant",
        "",
        finding.sentence(),
        Lines.of(finding.range()));
  }
}
