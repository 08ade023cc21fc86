package io.slipway.registry.auth;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a file holds, read again soon after it has changed. One that cannot be read keeps the value
 * as it was, so that a half-written file locks nobody out. Safe for threads.
 */
final class WatchedFile<T> {
  private static final Duration RECHECK = Duration.ofSeconds(2);

  /** What tells one state of the file from the next. */
  private record Stamp(Instant modified, long size, Object inode) {
    static final Stamp ABSENT = new Stamp(Instant.MIN, 0, "");
  }

  private final Path path;
  private final Function<Path, T> parse;
  private final Clock clock;
  private final Consumer<String> notices;
  private volatile T value;
  private volatile Stamp stamp;
  private volatile Instant checked;

  /**
   * @param parse throws SlipwayException when the file cannot be used; at first to the caller
   * @param notices is told, one line each, when a changed file cannot be used
   */
  WatchedFile(Path path, Function<Path, T> parse, Clock clock, Consumer<String> notices) {
    this.path = path;
    this.parse = parse;
    this.clock = clock;
    this.notices = notices;
    try {
      // the stamp first: a change while reading is then seen as one later
      this.stamp = stamp();
      this.value = parse.apply(path);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INVALID, "cannot read " + path + ": " + e.getClass().getSimpleName(), e);
    }
    this.checked = clock.instant();
  }

  T value() {
    return value;
  }

  /** Whether the file must be looked at before the value is good. */
  boolean isDue() {
    return checked.plus(RECHECK).isBefore(clock.instant());
  }

  /** Looks at the file if it is due; true when the value is new. */
  boolean refresh() {
    if (!isDue()) {
      return false;
    }
    synchronized (this) {
      boolean changed = false;
      try {
        Stamp now = stamp();
        if (!now.equals(stamp)) {
          value = parse.apply(path);
          stamp = now;
          changed = true;
        }
      } catch (IOException | SlipwayException e) {
        notices.accept(
            "the users stay as they were: cannot read %s: %s".formatted(path, e.getMessage()));
      }
      checked = clock.instant();
      return changed;
    }
  }

  private Stamp stamp() throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return new Stamp(
          attributes.lastModifiedTime().toInstant(), attributes.size(), attributes.fileKey());
    } catch (NoSuchFileException e) {
      return Stamp.ABSENT;
    }
  }
}
