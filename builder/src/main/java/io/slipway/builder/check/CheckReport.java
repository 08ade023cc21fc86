package io.slipway.builder.check;

import io.slipway.dockerfile.check.CheckWarning;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What checking a Dockerfile gave.
 *
 * @param file its name
 * @param text the whole of it
 * @param failure why the build would not begin; empty if it would
 */
public record CheckReport(
    String file,
    String text,
    List<CheckWarning> warnings,
    List<StrictFinding> findings,
    Optional<String> failure) {

  public CheckReport {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(text, "text");
    warnings = List.copyOf(warnings);
    findings = List.copyOf(findings);
    Objects.requireNonNull(failure, "failure");
  }

  /** Everything that was found. */
  public List<CheckFinding> all() {
    return Stream.concat(
            warnings.stream().map(CheckFinding::of), findings.stream().map(CheckFinding::of))
        .toList();
  }
}
