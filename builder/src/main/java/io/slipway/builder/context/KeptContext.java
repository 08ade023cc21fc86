package io.slipway.builder.context;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A context that was sent and is kept, for what the next one has in common with it.
 *
 * @param name its own among those that are kept
 * @param files how many entries it has
 * @param bytes what it takes on disk, estimated
 * @param builds how many contexts in turn were made of the same files
 * @param created when the first of them was sent
 */
public record KeptContext(
    String name, long files, long bytes, int builds, Instant created, Instant used) {
  private static final int LINES = 4;

  public KeptContext {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(used, "used");
  }

  /** Everything but the name and the last use, by line. */
  List<String> lines() {
    return List.of(
        Long.toString(files), Long.toString(bytes), Integer.toString(builds), created.toString());
  }

  /**
   * What was written as {@link #lines}.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static KeptContext of(String name, List<String> lines, Instant used) {
    if (lines.size() != LINES) {
      throw new IllegalArgumentException(lines.size() + " lines");
    }
    return new KeptContext(
        name,
        Long.parseLong(lines.get(0)),
        Long.parseLong(lines.get(1)),
        Integer.parseInt(lines.get(2)),
        Instant.ofEpochMilli(Instant.parse(lines.get(3)).toEpochMilli()),
        used);
  }
}
