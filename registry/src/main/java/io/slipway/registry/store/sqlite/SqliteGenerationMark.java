package io.slipway.registry.store.sqlite;

import io.slipway.registry.store.GenerationMark;
import io.slipway.registry.store.sqlite.GroupCommitWriter.Durability;
import java.util.Optional;

/** A row of the table {@code property}. */
final class SqliteGenerationMark implements GenerationMark {
  private static final String NAME = "generation";

  private final GroupCommitWriter writer;
  private final ReaderPool readers;

  SqliteGenerationMark(GroupCommitWriter writer, ReaderPool readers) {
    this.writer = writer;
    this.readers = readers;
  }

  @Override
  public Optional<String> read() {
    return readers.read(session ->
        session.first("SELECT value FROM property WHERE name = ?", row -> row.getString(1), NAME));
  }

  @Override
  public void write(String generation) {
    writer.write(
        Durability.POWER_LOSS,
        session ->
            session.update(
                "INSERT INTO property(name, value) VALUES(?1, ?2)"
                    + " ON CONFLICT(name) DO UPDATE SET value = ?2",
                NAME,
                generation));
  }
}
