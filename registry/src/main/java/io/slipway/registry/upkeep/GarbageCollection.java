package io.slipway.registry.upkeep;

import io.slipway.image.content.BlobShelf;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.Shelf;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.FileReason;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.registry.config.GcSettings;
import io.slipway.registry.store.BlobRecord;
import io.slipway.registry.store.GarbageIndex;
import io.slipway.registry.store.GarbageIndex.Kind;
import io.slipway.registry.store.GarbagePage;
import io.slipway.registry.store.Page;
import io.slipway.registry.store.RegistryStore;
import io.slipway.registry.store.RepositoryName;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Frees what nothing needs while clients push and pull. Only repositories that changed are looked
 * at, in small reads; what is unneeded is dropped in small transactions that look again; content
 * that no repository holds any more goes to the trash, and from there it is deleted at a steady
 * pace. One run at a time.
 */
public final class GarbageCollection {
  private static final int REPOSITORIES = 100;
  private static final int ROWS = 500;
  private static final int BATCH = 100;

  private final RegistryStore store;
  private final BlobStore blobs;
  private final GcSettings settings;
  private final Clock clock;
  private final Instant spareUntil;
  private final ReentrantLock running = new ReentrantLock();
  private volatile GcReport progress = GcReport.start(false);

  /**
   * @param sparedSince notes of uses before this time may be lost, so nothing is dropped until the
   *     grace period after it is over; {@link Instant#MIN} when none are
   */
  public GarbageCollection(
      RegistryStore store, BlobStore blobs, GcSettings settings, Clock clock, Instant sparedSince) {
    this.store = store;
    this.blobs = blobs;
    this.settings = settings;
    this.clock = clock;
    this.spareUntil =
        sparedSince.equals(Instant.MIN) ? Instant.MIN : sparedSince.plus(settings.grace());
  }

  /** What the present run has done so far, or the last one did. */
  public GcReport progress() {
    return progress;
  }

  public GcSettings settings() {
    return settings;
  }

  /** Collects once as the settings say. */
  public GcReport run(boolean dryRun, Consumer<String> out) throws InterruptedException {
    return run(dryRun, Optional.empty(), out);
  }

  /**
   * Collects once; {@code out} is told what happens, line by line.
   *
   * @param grace in place of that of the settings. With one shorter than a push takes, clients may
   *     have to push a blob again before a manifest that names it is accepted; nothing that is
   *     needed is ever lost
   * @throws SlipwayException CONFLICT while another run is under way
   */
  public GcReport run(boolean dryRun, Optional<Duration> grace, Consumer<String> out)
      throws InterruptedException {
    if (!running.tryLock()) {
      throw new SlipwayException(
          ErrorKind.CONFLICT, "garbage collection is running already: " + progress);
    }
    try {
      progress = GcReport.start(dryRun);
      store.lastUse().flush();
      Instant now = clock.instant();
      Instant untouchedSince = now.minus(grace.orElse(settings.grace()));
      if (dryRun) {
        progress = new GcPreview(store, settings, untouchedSince).run(out);
        return progress;
      }
      if (grace.isEmpty() && now.isBefore(spareUntil)) {
        out.accept(
            "the registry was killed, so nothing is dropped before its grace period ends at "
                + spareUntil);
      } else {
        reviewAll(new Untouched(untouchedSince, untouchedSince), out);
      }
      sweep();
      emptyTrash();
      return progress;
    } catch (IOException e) {
      throw trashFailure(e);
    } finally {
      running.unlock();
    }
  }

  /**
   * Collects what a full disk can be relieved of, at full pace, after whatever run is under way.
   * Blobs that no manifest needs are kept for {@code blobGrace} only, also after a kill: the worst
   * that can come of it is that a client pushes one again. Manifests have the grace of the settings
   * and are spared after a kill, since nobody would push those again.
   */
  public GcReport relieve(Duration blobGrace) throws InterruptedException {
    running.lockInterruptibly();
    try {
      progress = GcReport.start(false);
      store.lastUse().flush();
      Instant now = clock.instant();
      Duration shortest = blobGrace.compareTo(settings.grace()) < 0 ? blobGrace : settings.grace();
      Instant manifests = now.isBefore(spareUntil) ? Instant.EPOCH : now.minus(settings.grace());
      reviewAll(new Untouched(manifests, now.minus(shortest)), line -> {});
      sweep();
      emptyTrashAtOnce();
      return progress;
    } catch (IOException e) {
      throw trashFailure(e);
    } finally {
      running.unlock();
    }
  }

  private static SlipwayException trashFailure(IOException cause) {
    return new SlipwayException(
        ErrorKind.INTERNAL, "empty the trash: " + FileReason.of(cause), cause);
  }

  /** Since when manifests and blobs must not have been of use to be dropped. */
  private record Untouched(Instant manifests, Instant blobs) {}

  private GarbageIndex garbage() {
    return store.metadata().upkeep().garbage();
  }

  private void reviewAll(Untouched since, Consumer<String> out) throws InterruptedException {
    String after = "";
    while (true) {
      List<RepositoryName> page = garbage().unreviewed(new Page(REPOSITORIES, after));
      for (RepositoryName repository : page) {
        GcReport before = progress;
        review(repository, since);
        if (progress.manifests() + progress.links() > before.manifests() + before.links()) {
          out.accept(
              "%s: dropped %d manifests and %d blob links"
                  .formatted(
                      repository,
                      progress.manifests() - before.manifests(),
                      progress.links() - before.links()));
        }
      }
      if (page.size() < REPOSITORIES) {
        return;
      }
      after = page.getLast().value();
    }
  }

  /** Manifests first, since they need blobs; again while that leaves more manifests unneeded. */
  private void review(RepositoryName repository, Untouched since) throws InterruptedException {
    long changes = garbage().changes(repository);
    boolean clean = true;
    long manifests = 0;
    if (settings.untagged()) {
      Pass pass;
      do {
        pass = pass(repository, Kind.MANIFEST, since.manifests());
        manifests += pass.dropped();
      } while (pass.dropped() > 0);
      clean = pass.clean();
    }
    Pass links = pass(repository, Kind.BLOB, since.blobs());
    progress = progress.plus(1, manifests, links.dropped());
    if (clean && links.clean() && manifests + links.dropped() == 0) {
      garbage().reviewed(repository, changes);
    }
  }

  /** How many were dropped, and whether nothing unneeded was left for a later run. */
  private record Pass(long dropped, boolean clean) {}

  private Pass pass(RepositoryName repository, Kind kind, Instant untouchedSince)
      throws InterruptedException {
    long dropped = 0;
    boolean clean = true;
    String cursor = "";
    do {
      GarbagePage page = garbage().unneeded(repository, kind, untouchedSince, cursor, ROWS);
      clean &= !page.young();
      for (int from = 0; from < page.contents().size(); from += BATCH) {
        List<Digest> batch =
            page.contents().stream().skip(from).limit(BATCH).map(BlobRecord::digest).toList();
        int done = store.guard().drop(repository, kind, batch, untouchedSince).size();
        clean &= done == batch.size();
        dropped += done;
      }
      cursor = page.cursor();
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    } while (!cursor.isEmpty());
    return new Pass(dropped, clean);
  }

  private void sweep() throws InterruptedException {
    String cursor = "";
    do {
      GarbagePage page = store.metadata().upkeep().contents().unheld(cursor, BATCH);
      Set<Digest> discarded =
          store.guard().discard(page.contents().stream().map(BlobRecord::digest).toList());
      long bytes =
          page.contents().stream()
              .filter(content -> discarded.contains(content.digest()))
              .mapToLong(BlobRecord::size)
              .sum();
      progress = progress.plusFreed(discarded.size(), bytes);
      cursor = page.cursor();
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    } while (!cursor.isEmpty());
  }

  /** Deletes all that was dropped, without regard to pace; also beside a run. */
  public void emptyTrashAtOnce() throws IOException {
    BlobShelf trash = blobs.shelf(Shelf.TRASH);
    long deleted;
    do {
      deleted = trash.discard(Instant.MAX, BATCH).blobs();
    } while (deleted == BATCH);
  }

  private void emptyTrash() throws IOException, InterruptedException {
    Pace pace = new Pace(settings.removalsPerSecond());
    BlobShelf trash = blobs.shelf(Shelf.TRASH);
    long deleted;
    do {
      pace.take(BATCH);
      deleted = trash.discard(Instant.MAX, BATCH).blobs();
    } while (deleted == BATCH);
  }
}
