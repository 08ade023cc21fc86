package io.slipway.dockerfile.parse;

import io.slipway.dockerfile.ast.Comment;
import io.slipway.dockerfile.ast.Diagnostic;
import io.slipway.dockerfile.ast.Diagnostic.Code;
import io.slipway.dockerfile.ast.Diagnostic.Severity;
import io.slipway.dockerfile.ast.Header;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.ast.SourceRange;
import io.slipway.dockerfile.grammar.DockerfileGrammar;
import io.slipway.dockerfile.grammar.DockerfileGrammar.InstructionContext;
import io.slipway.dockerfile.grammar.DockerfileLexer;
import io.slipway.dockerfile.grammar.LogicalCharStream;
import io.slipway.dockerfile.grammar.LogicalLexer.Fault;
import io.slipway.dockerfile.grammar.LogicalText;
import io.slipway.dockerfile.grammar.PhysicalLines;
import io.slipway.dockerfile.word.Whitespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Runs the grammar over one text and collects instructions and diagnostics. */
final class FileReader {

  private final String source;
  private final int firstCommentLine;
  private final LogicalCharStream stream;
  private final PhysicalLines lines;
  private final CommonTokenStream tokens;
  private final DockerfileGrammar.DockerfileContext tree;
  private final TreeText text;
  private final List<Fault> faults;
  private final List<Instruction> instructions = new ArrayList<>();

  /**
   * @param firstCommentLine from 0; earlier lines are directives, not comments
   */
  FileReader(String source, char escape, int firstCommentLine) {
    this.source = source;
    this.firstCommentLine = firstCommentLine;
    this.stream = new LogicalCharStream(source, escape);
    this.lines = stream.lines();
    this.text = new TreeText(stream, escape);
    var lexer = new DockerfileLexer(stream);
    lexer.removeErrorListeners();
    this.tokens = new CommonTokenStream(lexer);
    var parser = new DockerfileGrammar(tokens);
    parser.removeErrorListeners();
    // The grammar covers every sequence of tokens; if it ever does not, that is our fault to see.
    parser.setErrorHandler(new BailErrorStrategy());
    parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
    this.tree = parser.dockerfile();
    this.faults = lexer.faults();
  }

  List<Instruction> instructions() {
    return List.copyOf(instructions);
  }

  /** Reads every instruction that can be read; the rest is in the diagnostics. */
  List<Diagnostic> read() {
    List<Diagnostic> diagnostics = new ArrayList<>();
    faults.forEach(fault -> diagnostics.add(error(fault.code(), fault.message(), fault.range())));
    Set<Integer> faultyLines =
        faults.stream().map(fault -> fault.range().startLine()).collect(Collectors.toSet());
    var reader = new InstructionReader(text);
    for (InstructionContext instruction : tree.instruction()) {
      Header header = header(instruction);
      emptyContinuation(instruction, header, diagnostics);
      if (!faultyLines.contains(header.range().startLine())) {
        try {
          instructions.add(reader.read(instruction, header));
        } catch (InvalidInstruction e) {
          diagnostics.add(error(e.code(), e.getMessage(), header.range()));
        }
      }
    }
    if (tree.instruction().isEmpty()) {
      diagnostics.add(
          error(
              Code.NO_INSTRUCTIONS,
              "file with no instructions",
              lines.lineRange(lines.count() - 1)));
    }
    return diagnostics;
  }

  /** Only ARG may stand before the first FROM, and there must be one. */
  List<Diagnostic> checkStages() {
    for (InstructionContext instruction : tree.instruction()) {
      int keyword = instruction.getStart().getType();
      if (keyword == DockerfileLexer.FROM) {
        return List.of();
      }
      if (keyword != DockerfileLexer.ARG && keyword != DockerfileLexer.UNKNOWN) {
        return List.of(
            error(Code.NO_STAGE, "no build stage in current context", header(instruction).range()));
      }
    }
    return tree.instruction().isEmpty()
        ? List.of()
        : List.of(
            error(
                Code.NO_STAGE,
                "dockerfile contains no stages to build",
                lines.lineRange(lines.count() - 1)));
  }

  /** A trigger is one instruction, and not every one. */
  List<Diagnostic> checkTrigger() {
    List<InstructionContext> all = tree.instruction();
    if (all.size() > 1) {
      return List.of(
          error(
              Code.ONBUILD_TRIGGER,
              "onbuild trigger should be a single expression",
              header(all.get(1)).range()));
    }
    try {
      all.forEach(trigger -> InstructionReader.checkTrigger(trigger.getStart().getType()));
      return List.of();
    } catch (InvalidInstruction e) {
      return List.of(error(e.code(), e.getMessage(), header(all.getFirst()).range()));
    }
  }

  private static Diagnostic error(Code code, String message, SourceRange range) {
    return new Diagnostic(Severity.ERROR, code, message, range);
  }

  private Header header(InstructionContext instruction) {
    Token keyword = instruction.getStart();
    LogicalText original =
        stream.slice(keyword.getStartIndex(), instruction.END().getSymbol().getStartIndex());
    SourceRange range = original.strip().range();
    for (TerminalNode heredoc : instruction.HEREDOC()) {
      range = range.to(text.range(heredoc.getSymbol()));
    }
    return new Header(
        keyword.getText(),
        original.strip().text(),
        range,
        text.flags(flagTokens(instruction)),
        comments(keyword));
  }

  /** The flags of the outer instruction: those right after its keyword. */
  private List<Token> flagTokens(InstructionContext instruction) {
    int first = instruction.getStart().getTokenIndex() + 1;
    return IntStream.range(first, tokens.size())
        .mapToObj(tokens::get)
        .takeWhile(token -> token.getType() == DockerfileLexer.FLAG)
        .toList();
  }

  private List<Comment> comments(Token keyword) {
    List<Token> hidden =
        tokens.getHiddenTokensToLeft(keyword.getTokenIndex(), DockerfileLexer.COMMENTS);
    List<Comment> comments = new ArrayList<>();
    for (Token token : hidden == null ? List.<Token>of() : hidden) {
      LogicalText written = text.logical(token);
      String content = Whitespace.strip(written.text().substring(1));
      if (content.isEmpty()) {
        comments.clear();
      } else if (lines.lineAt(token.getStartIndex()) >= firstCommentLine) {
        comments.add(new Comment(content, written.range()));
      }
    }
    return comments;
  }

  private void emptyContinuation(
      InstructionContext instruction, Header header, List<Diagnostic> diagnostics) {
    int first = header.range().startLine() - 1;
    int last = lastLine(instruction);
    boolean found = IntStream.rangeClosed(first, last).anyMatch(lines::isBlank);
    if (found) {
      diagnostics.add(
          new Diagnostic(
              Severity.WARNING,
              Code.EMPTY_CONTINUATION,
              "Empty continuation line found in: " + header.original(),
              lines.lineRange(last)));
    }
  }

  /** Of the logical line; the nothing behind a final line feed is no line. */
  private int lastLine(InstructionContext instruction) {
    int end = instruction.END().getSymbol().getStartIndex();
    int line = lines.lineAt(end);
    return end == source.length() && source.endsWith("\n") ? line - 1 : line;
  }
}
