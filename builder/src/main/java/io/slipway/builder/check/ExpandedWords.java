package io.slipway.builder.check;

import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.ast.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The words of an instruction in which variables are expanded. */
final class ExpandedWords {
  private static final List<String> FLAGS = List.of("chown", "chmod", "checksum");

  private ExpandedWords() {}

  static List<Word> of(Instruction instruction) {
    return switch (instruction) {
      case Instruction.Env env -> pairs(env.pairs());
      case Instruction.Label label -> pairs(label.pairs());
      case Instruction.Arg arg ->
          arg.declarations().stream()
              .map(Instruction.Arg.Declaration::defaultValue)
              .flatMap(Optional::stream)
              .toList();
      case Instruction.Expose expose -> expose.ports();
      case Instruction.Volume volume -> volume.paths();
      case Instruction.User user -> List.of(user.user());
      case Instruction.Workdir workdir -> List.of(workdir.path());
      case Instruction.Stopsignal signal -> List.of(signal.signal());
      case Instruction.Transfer transfer -> transfer(transfer);
      default -> List.of();
    };
  }

  private static List<Word> pairs(List<Instruction.Pair> pairs) {
    var words = new ArrayList<Word>();
    for (Instruction.Pair pair : pairs) {
      words.add(pair.name());
      words.add(pair.value());
    }
    return words;
  }

  private static List<Word> transfer(Instruction.Transfer transfer) {
    var words = new ArrayList<>(transfer.sources());
    words.add(transfer.destination());
    for (String flag : FLAGS) {
      transfer
          .header()
          .flagValue(flag)
          .ifPresent(value -> words.add(new Word(value, transfer.range())));
    }
    return words;
  }
}
