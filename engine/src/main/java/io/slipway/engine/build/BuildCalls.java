package io.slipway.engine.build;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.builder.BuildInspection;
import io.slipway.builder.check.CheckFinding;
import io.slipway.builder.check.CheckReport;
import io.slipway.builder.check.Lines;
import io.slipway.builder.check.Outline;
import io.slipway.image.error.SlipwayException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Calls that look at a Dockerfile without building it, answered in the JSON that docker prints for
 * {@code --call}.
 */
final class BuildCalls {
  private BuildCalls() {}

  record Line(@JsonProperty("line") int line) {}

  record Range(@JsonProperty("start") Line start, @JsonProperty("end") Line end) {}

  record Location(@JsonProperty("ranges") List<Range> ranges) {
    static Location of(Lines lines) {
      return new Location(List.of(new Range(new Line(lines.first()), new Line(lines.last()))));
    }
  }

  /** The Dockerfile itself, in base64. */
  record Source(
      @JsonProperty("filename") String filename,
      @JsonProperty("language") String language,
      @JsonProperty("data") byte[] data) {
    static List<Source> of(CheckReport report) {
      byte[] text = report.text().getBytes(StandardCharsets.UTF_8);
      return List.of(new Source(report.file(), "Dockerfile", text));
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Warning(
      @JsonProperty("ruleName") String rule,
      @JsonProperty("description") String description,
      @JsonProperty("url") String url,
      @JsonProperty("detail") String detail,
      @JsonProperty("location") Location location) {
    static Warning of(CheckFinding finding) {
      return new Warning(
          finding.rule(),
          finding.description(),
          finding.url().isEmpty() ? null : finding.url(),
          finding.detail(),
          Location.of(finding.lines()));
    }
  }

  record Failure(@JsonProperty("message") String message) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Check(
      @JsonProperty("warnings") List<Warning> warnings,
      @JsonProperty("sources") List<Source> sources,
      @JsonProperty("buildError") Failure failure) {}

  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Argument(
      @JsonProperty("name") String name,
      @JsonProperty("description") String description,
      @JsonProperty("value") String value,
      @JsonProperty("location") Location location) {}

  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  record Loan(
      @JsonProperty("name") String name,
      @JsonProperty("required") boolean required,
      @JsonProperty("location") Location location) {}

  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record OutlineJson(
      @JsonProperty("name") String name,
      @JsonProperty("description") String description,
      @JsonProperty("args") List<Argument> arguments,
      @JsonProperty("secrets") List<Loan> secrets,
      @JsonProperty("ssh") List<Loan> agents,
      @JsonProperty("sources") List<Source> sources) {}

  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  record Target(
      @JsonProperty("name") String name,
      @JsonProperty("default") boolean isDefault,
      @JsonProperty("description") String description,
      @JsonProperty("base") String base,
      @JsonProperty("platform") String platform,
      @JsonProperty("location") Location location) {}

  record Targets(
      @JsonProperty("targets") List<Target> targets,
      @JsonProperty("sources") List<Source> sources) {}

  /** The answer to a call by its name. */
  static Record answer(String call, BuildInspection inspection, boolean strict) {
    return switch (call) {
      case "check", "lint" -> check(inspection.check(strict));
      case "outline" -> outline(inspection);
      case "targets" -> targets(inspection);
      default ->
          throw SlipwayException.invalid(
              "invalid call \"" + call + "\": use build, check, outline or targets");
    };
  }

  private static Check check(CheckReport report) {
    return new Check(
        report.all().stream().map(Warning::of).toList(),
        Source.of(report),
        report.failure().map(Failure::new).orElse(null));
  }

  private static OutlineJson outline(BuildInspection inspection) {
    Outline outline = inspection.outline();
    return new OutlineJson(
        outline.target(),
        outline.description(),
        outline.arguments().stream()
            .map(a -> new Argument(a.name(), a.description(), a.value(), Location.of(a.lines())))
            .toList(),
        loans(outline.secrets()),
        loans(outline.agents()),
        Source.of(inspection.source()));
  }

  private static List<Loan> loans(List<Outline.Loan> loans) {
    return loans.stream()
        .map(loan -> new Loan(loan.name(), loan.required(), Location.of(loan.lines())))
        .toList();
  }

  private static Targets targets(BuildInspection inspection) {
    return new Targets(
        inspection.targets().stream()
            .map(t ->
                new Target(
                    t.name(),
                    t.isDefault(),
                    t.description(),
                    t.base(),
                    t.platform(),
                    Location.of(t.lines())))
            .toList(),
        Source.of(inspection.source()));
  }
}
