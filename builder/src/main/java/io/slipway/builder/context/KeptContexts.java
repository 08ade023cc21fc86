package io.slipway.builder.context;

import io.slipway.image.content.AtomicFile;
import io.slipway.runtime.layer.Dir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The folders of contexts: those of running builds, and those that are kept after their build. A
 * kept one is never a context again; a later one may take files out of it. Safe for many threads.
 */
final class KeptContexts {
  private static final System.Logger LOG = System.getLogger(KeptContexts.class.getName());
  private static final int MOST = 4;
  private static final long MOST_BYTES = 4L << 30;

  private final ContextLayout layout;
  private final int most;
  private final long mostBytes;

  /** What was used last first. */
  private final List<KeptContext> free = new ArrayList<>();

  private KeptContexts(ContextLayout layout, int most, long mostBytes) {
    this.layout = layout;
    this.most = most;
    this.mostBytes = mostBytes;
  }

  static KeptContexts in(ContextLayout layout) throws IOException {
    return in(layout, MOST, MOST_BYTES);
  }

  /**
   * Takes the folders over and removes what a killed daemon left unfinished.
   *
   * @param most so many are kept
   * @param mostBytes of all that are kept
   */
  static KeptContexts in(ContextLayout layout, int most, long mostBytes) throws IOException {
    for (Path folder : List.of(layout.unpacked(), layout.kept())) {
      AtomicFile.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
    try (Dir unpacked = Dir.open(layout.unpacked())) {
      for (String leftover : unpacked.names()) {
        unpacked.remove(leftover);
      }
    }
    var contexts = new KeptContexts(layout, most, mostBytes);
    contexts.load();
    return contexts;
  }

  private void load() throws IOException {
    try (Dir kept = Dir.open(layout.kept())) {
      for (String name : kept.names()) {
        Optional<KeptContext> whole = read(name);
        if (whole.isPresent()) {
          free.add(whole.get());
        } else {
          kept.remove(name);
        }
      }
    }
    free.sort(Comparator.comparing(KeptContext::used).reversed());
  }

  private Optional<KeptContext> read(String name) throws IOException {
    Path about = ContextLayout.about(layout.kept().resolve(name));
    if (!Files.exists(about)) {
      return Optional.empty();
    }
    try {
      Instant used = Files.getLastModifiedTime(about).toInstant();
      return Optional.of(KeptContext.of(name, Files.readAllLines(about), used));
    } catch (IllegalArgumentException | DateTimeException e) {
      LOG.log(System.Logger.Level.WARNING, "{0} is damaged: {1}", about, e.getMessage());
      return Optional.empty();
    }
  }

  /** A new folder for the context of a build. */
  ContextFolder begin() throws IOException {
    Path folder = layout.unpacked().resolve(UUID.randomUUID().toString().replace("-", ""));
    Files.createDirectory(folder);
    Files.createDirectory(ContextLayout.files(folder));
    return new ContextFolder(this, folder);
  }

  /** What is kept and not in use, what was used last first. */
  synchronized List<KeptContext> list() {
    return List.copyOf(free);
  }

  /** Where the files of a kept context are, as long as nobody takes it. */
  Path files(KeptContext context) {
    return ContextLayout.files(layout.kept().resolve(context.name()));
  }

  /**
   * Makes a kept context the caller's, to empty it.
   *
   * @return its folder, which goes with the daemon; empty if somebody else was faster
   */
  synchronized Optional<Path> take(KeptContext context) throws IOException {
    if (!free.remove(context)) {
      return Optional.empty();
    }
    Path taken = layout.unpacked().resolve(context.name() + "-former");
    Files.move(layout.kept().resolve(context.name()), taken);
    return Optional.of(taken);
  }

  /** Keeps what is in the folder of a context that is used no more, and makes room for it. */
  void keep(Path folder, KeptContext context) throws IOException {
    if (context.bytes() > mostBytes) {
      remove(folder);
      return;
    }
    // Not synced, which would write all the files first: what a crash damages costs time only.
    Files.write(ContextLayout.about(folder), context.lines());
    for (Path tooMany : publish(folder, context)) {
      remove(tooMany);
    }
  }

  private synchronized List<Path> publish(Path folder, KeptContext context) throws IOException {
    Files.move(folder, layout.kept().resolve(context.name()));
    free.addFirst(context);
    var tooMany = new ArrayList<Path>();
    while (free.size() > most || free.stream().mapToLong(KeptContext::bytes).sum() > mostBytes) {
      take(free.getLast()).ifPresent(tooMany::add);
    }
    return tooMany;
  }

  /** Removes what is kept; false if a build has taken it. */
  boolean remove(KeptContext context) throws IOException {
    Optional<Path> folder = take(context);
    if (folder.isPresent()) {
      remove(folder.get());
    }
    return folder.isPresent();
  }

  /** Removes the folder of a context that nobody uses. */
  void remove(Path folder) throws IOException {
    try (Dir unpacked = Dir.open(layout.unpacked())) {
      unpacked.remove(folder.getFileName().toString());
    }
  }
}
