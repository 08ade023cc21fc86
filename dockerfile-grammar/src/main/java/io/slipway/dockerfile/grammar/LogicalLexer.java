package io.slipway.dockerfile.grammar;

import io.slipway.dockerfile.ast.Diagnostic.Code;
import io.slipway.dockerfile.ast.SourceRange;
import io.slipway.dockerfile.word.HeredocWord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Lexer;
import org.antlr.v4.runtime.Token;

/**
 * What {@code DockerfileLexer} cannot say in rules: how the arguments of an instruction are to be
 * read depends on its keyword and on whether they are JSON, and heredoc bodies follow a line that
 * must be known whole before it is known that they do.
 */
public abstract class LogicalLexer extends Lexer {

  /** A fault that shows while reading tokens. */
  public record Fault(Code code, String message, SourceRange range) {}

  private final LogicalCharStream stream;
  private final List<Fault> faults = new ArrayList<>();
  private final Deque<HeredocWord> pendingHeredocs = new ArrayDeque<>();

  /** Start of the instruction being read, or -1 between instructions. */
  private int instructionStart = -1;

  private SourceRange heredocLine;

  /** The keyword that decides about the arguments: of ONBUILD's inner instruction, once read. */
  private int keyword;

  private boolean inTrigger;
  private boolean json;

  protected LogicalLexer(CharStream input) {
    super(input);
    this.stream = (LogicalCharStream) input;
  }

  /** What was wrong, complete after the last token. */
  public List<Fault> faults() {
    return List.copyOf(faults);
  }

  @Override
  public Token nextToken() {
    while (true) {
      if (!pendingHeredocs.isEmpty()) {
        Token body = readHeredoc(pendingHeredocs.remove());
        if (body != null) {
          return body;
        }
        continue;
      }
      Token token = super.nextToken();
      switch (token.getType()) {
        case DockerfileLexer.ARGUMENTS -> startArguments(token.getStartIndex());
        case DockerfileLexer.END -> {
          endInstruction(token.getStartIndex());
          return token;
        }
        case Token.EOF -> {
          return instructionStart < 0 ? token : endAtEof(token);
        }
        default -> {
          return known(token);
        }
      }
    }
  }

  private Token known(Token token) {
    int type = token.getType();
    if (type == DockerfileLexer.COMMENT && inTrigger) {
      // After ONBUILD a # begins no comment but an instruction of that unknown name.
      ((CommonToken) token).setType(DockerfileLexer.UNKNOWN);
      ((CommonToken) token).setChannel(Token.DEFAULT_CHANNEL);
      mode(DockerfileLexer.REST);
    } else if (type >= DockerfileLexer.ADD && type <= DockerfileLexer.UNKNOWN) {
      if (instructionStart < 0) {
        instructionStart = token.getStartIndex();
      }
      keyword = type;
    } else if (type == DockerfileLexer.FLAG && isEndOfFlags(token)) {
      int offset = stream.skipSpace(token.getStopIndex() + 1);
      if (offset < stream.endOfLine(offset)) {
        startArguments(offset);
      }
    }
    return token;
  }

  /** {@code --} alone, also with empty quotes after it, ends the flags. */
  private boolean isEndOfFlags(Token flag) {
    return FlagText.unquote(flag.getText(), stream.escape()).equals("--");
  }

  private void startArguments(int offset) {
    stream.seek(offset);
    _hitEOF = false;
    switch (keyword) {
      case DockerfileLexer.ADD, DockerfileLexer.COPY, DockerfileLexer.VOLUME ->
          mode(jsonOr(offset, DockerfileLexer.WORDS));
      case DockerfileLexer.FROM, DockerfileLexer.EXPOSE -> mode(DockerfileLexer.WORDS);
      case DockerfileLexer.ARG, DockerfileLexer.ENV, DockerfileLexer.LABEL ->
          mode(DockerfileLexer.PAIRS);
      case DockerfileLexer.RUN,
          DockerfileLexer.CMD,
          DockerfileLexer.ENTRYPOINT,
          DockerfileLexer.SHELL ->
          mode(jsonOr(offset, DockerfileLexer.REST));
      case DockerfileLexer.HEALTHCHECK ->
          mode(
              _mode == DockerfileLexer.HEALTH_COMMAND
                  ? jsonOr(offset, DockerfileLexer.REST)
                  : DockerfileLexer.HEALTH);
      case DockerfileLexer.ONBUILD -> {
        mode(inTrigger ? DockerfileLexer.REST : DEFAULT_MODE);
        inTrigger = true;
      }
      default -> mode(DockerfileLexer.REST);
    }
  }

  /** JSON if it is an array of strings; a broken one silently means the other form. */
  private int jsonOr(int offset, int otherMode) {
    if (!stream.isAt(offset, '[')) {
      return otherMode;
    }
    LogicalText rest = stream.slice(offset, stream.endOfLine(offset)).strip();
    switch (JsonText.arrayForm(rest.text())) {
      case STRINGS -> {
        json = true;
        stream.showEscapePlain(true);
        return DockerfileLexer.JSON;
      }
      case OTHER_ELEMENTS -> {
        json = true;
        faults.add(
            new Fault(
                Code.JSON_SYNTAX,
                "when using JSON array syntax, arrays must be comprised of strings only",
                stream.slice(instructionStart, stream.endOfLine(offset)).range()));
        return otherMode;
      }
      case NOT_JSON -> {
        return otherMode;
      }
    }
    return otherMode;
  }

  private Token endAtEof(Token eof) {
    var end = new CommonToken(DockerfileLexer.END, "");
    end.setStartIndex(eof.getStartIndex());
    end.setStopIndex(eof.getStartIndex() - 1);
    endInstruction(eof.getStartIndex());
    return end;
  }

  private void endInstruction(int offset) {
    boolean mayHoldHeredocs =
        keyword == DockerfileLexer.RUN
            || keyword == DockerfileLexer.COPY
            || keyword == DockerfileLexer.ADD;
    if (mayHoldHeredocs && !json) {
      LogicalText line = stream.slice(instructionStart, offset);
      pendingHeredocs.addAll(HeredocWord.findAll(line.text()));
      heredocLine = line.range();
    }
    instructionStart = -1;
    inTrigger = false;
    json = false;
    stream.showEscapePlain(false);
    mode(DEFAULT_MODE);
  }

  /** The lines up to the terminator, as they are; null if there is none up to the text's end. */
  private Token readHeredoc(HeredocWord word) {
    PhysicalLines lines = stream.lines();
    int start = Math.min(stream.index(), stream.size());
    var body = new StringBuilder();
    if (start > 0 && stream.isLineStart(start)) {
      for (int line = lines.lineAt(start); line < lines.count(); line++) {
        if (isTerminator(lines.content(line), word)) {
          stream.seek(Math.min(lines.lineBreak(line) + 1, stream.size()));
          return new HeredocToken(word, body.toString(), start, lines.end(line));
        }
        body.append(lines.raw(line));
      }
    }
    stream.seek(stream.size());
    pendingHeredocs.clear();
    faults.add(new Fault(Code.HEREDOC_UNTERMINATED, "unterminated heredoc", heredocLine));
    return null;
  }

  private static boolean isTerminator(String line, HeredocWord word) {
    int start = 0;
    while (word.chomp() && start < line.length() && line.charAt(start) == '\t') {
      start++;
    }
    return line.length() - start == word.name().length() && line.startsWith(word.name(), start);
  }

  /** As ANTLR's, but from the first to the last character that counts. */
  @Override
  public Token emit() {
    int start = stream.visible(_tokenStartCharIndex);
    var token =
        new CommonToken(_tokenFactorySourcePair, _type, _channel, start, getCharIndex() - 1);
    emit(token);
    return token;
  }

  @Override
  public Token emitEOF() {
    var eof =
        new CommonToken(
            _tokenFactorySourcePair,
            Token.EOF,
            Token.DEFAULT_CHANNEL,
            stream.size(),
            stream.size() - 1);
    emit(eof);
    return eof;
  }
}
