package io.slipway.dockerfile.check;

import io.slipway.dockerfile.ast.Dockerfile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Runs the rules that need nothing but the syntax tree. */
public final class DockerfileChecks {

  private static final Map<CheckRule, Check> CHECKS =
      Map.ofEntries(
          Map.entry(CheckRule.STAGE_NAME_CASING, StageChecks::nameCasing),
          Map.entry(CheckRule.FROM_AS_CASING, StageChecks::fromAsCasing),
          Map.entry(CheckRule.DUPLICATE_STAGE_NAME, StageChecks::duplicateName),
          Map.entry(CheckRule.RESERVED_STAGE_NAME, StageChecks::reservedName),
          Map.entry(CheckRule.UNDEFINED_ARG_IN_FROM, StageChecks::undefinedArg),
          Map.entry(CheckRule.REDUNDANT_TARGET_PLATFORM, StageChecks::redundantPlatform),
          Map.entry(CheckRule.FROM_PLATFORM_FLAG_CONST_DISALLOWED, StageChecks::constantPlatform),
          Map.entry(CheckRule.NO_EMPTY_CONTINUATION, TextChecks::emptyContinuation),
          Map.entry(CheckRule.CONSISTENT_INSTRUCTION_CASING, TextChecks::instructionCasing),
          Map.entry(CheckRule.INVALID_DEFINITION_DESCRIPTION, TextChecks::description),
          Map.entry(CheckRule.JSON_ARGS_RECOMMENDED, InstructionChecks::jsonArguments),
          Map.entry(CheckRule.MAINTAINER_DEPRECATED, InstructionChecks::maintainer),
          Map.entry(CheckRule.WORKDIR_RELATIVE_PATH, InstructionChecks::relativeWorkdir),
          Map.entry(
              CheckRule.MULTIPLE_INSTRUCTIONS_DISALLOWED, InstructionChecks::usedMoreThanOnce),
          Map.entry(CheckRule.LEGACY_KEY_VALUE_FORMAT, InstructionChecks::legacyPairs),
          Map.entry(CheckRule.SECRETS_USED_IN_ARG_OR_ENV, InstructionChecks::secrets),
          Map.entry(CheckRule.EXPOSE_PROTO_CASING, InstructionChecks::protocolCasing),
          Map.entry(CheckRule.EXPOSE_INVALID_FORMAT, InstructionChecks::exposedAddress));

  private DockerfileChecks() {}

  /** All warnings of a file that parsed without errors, in the order of lines, then of rules. */
  public static List<CheckWarning> run(Dockerfile file, CheckOptions options) {
    List<CheckWarning> warnings = new ArrayList<>();
    CHECKS.forEach((rule, check) -> {
      if (options.wants(rule)) {
        check.inspect(
            file,
            (detail, instruction, where) -> {
              if (options.wants(rule, instruction)) {
                warnings.add(new CheckWarning(rule, detail, where));
              }
            });
      }
    });
    warnings.sort(
        Comparator.comparingInt((CheckWarning warning) -> warning.range().startLine())
            .thenComparing(CheckWarning::rule));
    return List.copyOf(warnings);
  }
}
