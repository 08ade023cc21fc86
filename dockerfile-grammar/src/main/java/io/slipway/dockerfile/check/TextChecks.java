package io.slipway.dockerfile.check;

import io.slipway.dockerfile.ast.Diagnostic;
import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.ast.Header;
import io.slipway.dockerfile.ast.Instruction;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Rules about how the file is written. */
final class TextChecks {

  private TextChecks() {}

  static void emptyContinuation(Dockerfile file, Check.Findings findings) {
    var byLine = new TreeMap<Integer, Instruction>();
    file.instructions()
        .forEach(instruction -> byLine.put(instruction.range().startLine(), instruction));
    file.diagnostics().stream()
        .filter(diagnostic -> diagnostic.code() == Diagnostic.Code.EMPTY_CONTINUATION)
        .map(Diagnostic::range)
        .filter(range -> byLine.floorEntry(range.startLine()) != null)
        .forEach(range ->
            findings.add(
                "Empty continuation line",
                byLine.floorEntry(range.startLine()).getValue().header(),
                range));
  }

  /** The case most keywords have; upper case if it is a draw. ARGs before FROM do not count. */
  static void instructionCasing(Dockerfile file, Check.Findings findings) {
    List<Header> headers =
        file.instructions().stream()
            .dropWhile(instruction -> !(instruction instanceof Instruction.From))
            .map(Instruction::header)
            .toList();
    long lower = count(headers, LetterCase.LOWER);
    LetterCase majority =
        lower > count(headers, LetterCase.UPPER) ? LetterCase.LOWER : LetterCase.UPPER;
    for (Header header : headers) {
      if (!LetterCase.of(header.keyword()).equals(Optional.of(majority))) {
        findings.add(
            "Command '"
                + header.keyword()
                + "' should match the case of the command majority ("
                + majority.title()
                + ")",
            header);
      }
    }
  }

  private static long count(List<Header> headers, LetterCase letterCase) {
    return headers.stream()
        .filter(header -> LetterCase.of(header.keyword()).equals(Optional.of(letterCase)))
        .count();
  }

  static void description(Dockerfile file, Check.Findings findings) {
    for (Instruction instruction : file.instructions()) {
      switch (instruction) {
        case Instruction.From from ->
            describe("FROM", from.stageName().stream().toList(), from.header(), findings);
        case Instruction.Arg arg ->
            describe(
                "ARG",
                arg.declarations().stream().map(declared -> declared.name().text()).toList(),
                arg.header(),
                findings);
        default -> {}
      }
    }
  }

  private static void describe(
      String keyword, List<String> names, Header header, Check.Findings findings) {
    if (names.isEmpty() || header.comments().isEmpty()) {
      return;
    }
    String comment = header.comments().getLast().text();
    if (!names.contains(comment.split(" ", 2)[0])) {
      String example = names.size() == 1 ? names.getFirst() : "<arg_key>";
      findings.add(
          "Comment for " + keyword + " should follow the format: `# " + example + " <description>`",
          header);
    }
  }
}
