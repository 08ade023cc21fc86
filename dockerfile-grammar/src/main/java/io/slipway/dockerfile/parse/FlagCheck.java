package io.slipway.dockerfile.parse;

import io.slipway.dockerfile.ast.Flag;
import io.slipway.dockerfile.ast.Header;
import io.slipway.dockerfile.word.Quoted;
import io.slipway.dockerfile.word.Suggestion;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks the flags of one instruction against {@link FlagTable}. */
final class FlagCheck {

  private FlagCheck() {}

  /**
   * @param instruction the keyword in upper case
   * @throws InvalidInstruction for the first flag that is not right
   */
  static void check(String instruction, Header header) {
    Map<String, FlagTable.Kind> known = FlagTable.of(instruction);
    Set<String> seen = new HashSet<>();
    for (Flag flag : header.flags()) {
      FlagTable.Kind kind = known.get(flag.name());
      if (kind == null) {
        throw InvalidInstruction.flag(
            "unknown flag: --" + flag.name() + Suggestion.exactCase(flag.name(), known.keySet()));
      }
      if (!seen.add(flag.name()) && kind != FlagTable.Kind.LIST) {
        throw InvalidInstruction.flag("duplicate flag specified: --" + flag.name());
      }
      checkValue(flag, kind);
    }
    for (Flag flag : header.flags()) {
      checkWords(flag);
    }
  }

  private static void checkValue(Flag flag, FlagTable.Kind kind) {
    boolean missing =
        kind == FlagTable.Kind.BOOLEAN
            ? flag.value().filter(String::isEmpty).isPresent()
            : flag.value().isEmpty();
    if (missing) {
      throw InvalidInstruction.flag("missing a value on flag: --" + flag.name());
    }
    if (kind == FlagTable.Kind.BOOLEAN) {
      String value = flag.value().orElse("true");
      if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
        throw InvalidInstruction.flag(
            "expecting boolean value for flag --" + flag.name() + ", not: " + value);
      }
    }
  }

  private static void checkWords(Flag flag) {
    List<String> words = FlagTable.wordsOf(flag.name());
    String value = flag.value().orElse("");
    if (words.isEmpty() || words.contains(value)) {
      return;
    }
    throw InvalidInstruction.flag(
        flag.name().equals("network")
            ? "invalid network mode " + Quoted.of(value) + Suggestion.exactCase(value, words)
            : "security " + Quoted.of(value) + " is not valid");
  }
}
