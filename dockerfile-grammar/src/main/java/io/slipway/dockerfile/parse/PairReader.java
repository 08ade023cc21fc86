package io.slipway.dockerfile.parse;

import io.slipway.dockerfile.ast.Header;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.ast.Instruction.Arg.Declaration;
import io.slipway.dockerfile.ast.Instruction.Pair;
import io.slipway.dockerfile.ast.Word;
import io.slipway.dockerfile.grammar.LogicalText;
import io.slipway.dockerfile.word.Quoted;
import io.slipway.dockerfile.word.Whitespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Reads the {@code name=value} words of ENV, LABEL and ARG. */
final class PairReader {

  private final TreeText text;
  private final String keyword;

  /**
   * @param keyword in upper case
   */
  PairReader(TreeText text, String keyword) {
    this.text = text;
    this.keyword = keyword;
  }

  /** Whether this is {@code name value}: decided by the first word alone. */
  boolean isLegacy(List<TerminalNode> nodes) {
    return !nodes.isEmpty() && nodes.getFirst().getText().indexOf('=') < 0;
  }

  /** The pairs of ENV and LABEL. */
  List<Instruction.Pair> pairs(List<TerminalNode> nodes, Header header) {
    List<Pair> pairs = split(nodes);
    FlagCheck.check(keyword, header);
    if (pairs.isEmpty()) {
      throw InvalidInstruction.atLeastOneArgument(keyword);
    }
    for (Pair pair : pairs) {
      requireName(pair.name());
    }
    return pairs;
  }

  /** Splits words only; this part of the work is done for triggers too. */
  List<Pair> split(List<TerminalNode> nodes) {
    if (keyword.equals("ARG")) {
      return List.of();
    }
    if (isLegacy(nodes)) {
      return List.of(legacyPair(text.rest(nodes.getFirst().getSymbol())));
    }
    List<Pair> pairs = new ArrayList<>();
    for (TerminalNode node : nodes) {
      LogicalText word = text.logical(node.getSymbol());
      int equals = word.text().indexOf('=');
      if (equals < 0) {
        throw InvalidInstruction.word(
            "Syntax error - can't find = in "
                + Quoted.of(word.text())
                + ". Must be of the form: name=value");
      }
      pairs.add(new Pair(word.part(0, equals).word(), word.part(equals + 1).word()));
    }
    return pairs;
  }

  /** The first word is the name and all the rest the value, blanks and quotes included. */
  private Pair legacyPair(LogicalText rest) {
    String line = rest.text();
    int nameEnd = 0;
    while (nameEnd < line.length() && !Whitespace.isSeparator(line.charAt(nameEnd))) {
      nameEnd++;
    }
    int valueStart = nameEnd;
    while (valueStart < line.length() && Whitespace.isSeparator(line.charAt(valueStart))) {
      valueStart++;
    }
    if (valueStart == nameEnd) {
      throw InvalidInstruction.word(keyword + " must have two arguments");
    }
    return new Pair(rest.part(0, nameEnd).word(), rest.part(valueStart).word());
  }

  /** The declarations of ARG. */
  List<Declaration> declarations(List<TerminalNode> nodes, Header header) {
    if (nodes.isEmpty()) {
      throw InvalidInstruction.atLeastOneArgument(keyword);
    }
    FlagCheck.check(keyword, header);
    List<Declaration> declarations = new ArrayList<>();
    for (TerminalNode node : nodes) {
      LogicalText word = text.logical(node.getSymbol());
      int equals = word.text().indexOf('=');
      Word name = word.part(0, equals < 0 ? word.text().length() : equals).word();
      requireName(name);
      Optional<Word> value =
          equals < 0 ? Optional.empty() : Optional.of(word.part(equals + 1).word());
      declarations.add(new Declaration(name, value));
    }
    return declarations;
  }

  private void requireName(Word name) {
    if (name.text().isEmpty()) {
      throw InvalidInstruction.value(keyword + " names can not be blank");
    }
  }
}
