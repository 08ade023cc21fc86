package io.slipway.dockerfile.ast;

import java.util.List;
import java.util.Objects;

/**
 * A FROM and what follows it up to the next FROM.
 *
 * @param index from 0
 * @param instructions without the FROM itself
 */
public record Stage(int index, Instruction.From from, List<Instruction> instructions) {

  public Stage {
    Objects.requireNonNull(from, "from");
    instructions = List.copyOf(instructions);
  }
}
