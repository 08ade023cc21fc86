package io.slipway.dockerfile.parse;

import io.slipway.dockerfile.ast.Flag;
import io.slipway.dockerfile.ast.Heredoc;
import io.slipway.dockerfile.ast.SourceRange;
import io.slipway.dockerfile.ast.Word;
import io.slipway.dockerfile.grammar.DockerfileGrammar.JsonArrayContext;
import io.slipway.dockerfile.grammar.DockerfileLexer;
import io.slipway.dockerfile.grammar.FlagText;
import io.slipway.dockerfile.grammar.HeredocToken;
import io.slipway.dockerfile.grammar.JsonText;
import io.slipway.dockerfile.grammar.LogicalCharStream;
import io.slipway.dockerfile.grammar.LogicalText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Turns tokens of the parse tree into words, flags and heredocs with their places. */
final class TreeText {

  private final LogicalCharStream stream;
  private final char escape;

  TreeText(LogicalCharStream stream, char escape) {
    this.stream = stream;
    this.escape = escape;
  }

  /** The keyword in upper case. */
  static String keyword(Token token) {
    return DockerfileLexer.VOCABULARY.getSymbolicName(token.getType());
  }

  LogicalText logical(Token token) {
    return stream.slice(token.getStartIndex(), token.getStopIndex() + 1);
  }

  /** From the token's start to the end of its logical line. */
  LogicalText rest(Token token) {
    int start = token.getStartIndex();
    return stream.slice(start, stream.endOfLine(start)).strip();
  }

  String from(Token token) {
    return rest(token).text();
  }

  Word word(TerminalNode node) {
    return logical(node.getSymbol()).strip().word();
  }

  List<Word> words(List<TerminalNode> nodes) {
    return nodes.stream()
        .map(node -> logical(node.getSymbol()).strip())
        .filter(piece -> !piece.text().isEmpty())
        .map(LogicalText::word)
        .toList();
  }

  List<Word> jsonWords(JsonArrayContext array) {
    return array.JSON_STRING().stream()
        .map(node -> logical(node.getSymbol()))
        .map(literal -> new Word(JsonText.decode(literal.text()), literal.range()))
        .toList();
  }

  List<Flag> flags(List<Token> tokens) {
    List<Flag> flags = new ArrayList<>();
    for (Token token : tokens) {
      LogicalText written = logical(token);
      String text = FlagText.unquote(written.text(), escape);
      if (!text.equals("--")) {
        int equals = text.indexOf('=');
        String name = text.substring(2, equals < 0 ? text.length() : equals);
        Optional<String> value =
            equals < 0 ? Optional.empty() : Optional.of(text.substring(equals + 1));
        flags.add(new Flag(name, value, written.range()));
      }
    }
    return flags;
  }

  List<Heredoc> heredocs(List<TerminalNode> nodes) {
    return nodes.stream().map(node -> heredoc((HeredocToken) node.getSymbol())).toList();
  }

  private Heredoc heredoc(HeredocToken token) {
    var word = token.word();
    return new Heredoc(
        word.name(),
        word.fileDescriptor(),
        word.chomp(),
        word.expand(),
        token.getText(),
        range(token));
  }

  SourceRange range(Token token) {
    return stream.lines().range(token.getStartIndex(), token.getStopIndex() + 1);
  }
}
