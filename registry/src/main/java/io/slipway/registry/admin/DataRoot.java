package io.slipway.registry.admin;

import io.slipway.image.content.BlobStore;
import io.slipway.image.content.DirectoryBlobStore;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.FileReason;
import io.slipway.image.error.SlipwayException;
import io.slipway.registry.store.DataRootLock;
import io.slipway.registry.store.DiskSpace;
import io.slipway.registry.store.MetadataStore;
import io.slipway.registry.store.RegistryStore;
import io.slipway.registry.store.StoreRules;
import io.slipway.registry.store.sqlite.SqliteMetadataStore;
import io.slipway.registry.upkeep.GarbageCollection;
import io.slipway.registry.upkeep.GcReport;
import io.slipway.registry.upkeep.Leftovers;
import io.slipway.registry.upkeep.NamedManifests;
import io.slipway.registry.upkeep.Scrub;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** Everything in a data root, opened for this process alone. */
public final class DataRoot implements AutoCloseable {
  /**
   * On a full disk an upload that nothing came for in this time is not waited for, nor is a
   * manifest that may come to need a blob.
   */
  private static final Duration IDLE_UNDER_PRESSURE = Duration.ofMinutes(5);

  private final StorageSettings settings;
  private final DataRootLock lock;
  private final Clock clock;
  private final BlobStore blobs;
  private final FileNameJournal journal;
  private final MetadataStore metadata;
  private final RegistryStore store;
  private final GarbageCollection collection;
  private final Scrub scrub;
  private final Generation generation;
  private final Semaphore full = new Semaphore(0);
  private final AtomicBoolean closed = new AtomicBoolean();

  private DataRoot(StorageSettings settings, DataRootLock lock, Clock clock) throws IOException {
    this.settings = settings;
    this.lock = lock;
    Path root = settings.root();
    this.clock = clock;
    this.blobs = DirectoryBlobStore.openForArrivals(root.resolve("blobs"), settings.uploadIdle());
    DiskSpace space = new DiskSpace(root, settings.diskReserve(), this::makeRoom);
    this.journal = FileNameJournal.open(names());
    this.metadata = SqliteMetadataStore.open(root, settings.upkeep().quotas());
    this.store =
        new RegistryStore(
            blobs,
            metadata,
            journal,
            space,
            new StoreRules(
                settings.sparse(),
                settings.upkeep().scrub().trust(),
                settings.upkeep().immutableTags()),
            settings.cache(),
            clock);
    this.generation = new Generation(root.resolve("generation"), blobs, metadata);
    this.scrub = new Scrub(store, blobs, clock);
    this.collection =
        new GarbageCollection(
            store,
            blobs,
            settings.upkeep().gc(),
            clock,
            lock.isAfterKill() ? clock.instant() : Instant.MIN);
  }

  /**
   * Opens the data root.
   *
   * @throws SlipwayException CONFLICT when another process has it open; INVALID when its metadata
   *     was lost or is not that of its blobs
   */
  public static DataRoot open(StorageSettings settings, Clock clock) {
    DataRoot root = openAnyway(settings, clock);
    try {
      root.requireMetadata();
      root.generation.begin();
      return root;
    } catch (IOException e) {
      root.close();
      throw failure(settings, e);
    } catch (RuntimeException e) {
      root.close();
      throw e;
    }
  }

  /** As {@link #open}, also without its metadata, which is then to be rebuilt. */
  static DataRoot openAnyway(StorageSettings settings, Clock clock) {
    DataRootLock lock = DataRootLock.take(settings.root());
    try {
      return new DataRoot(settings, lock, clock);
    } catch (IOException e) {
      lock.close();
      throw failure(settings, e);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static SlipwayException failure(StorageSettings settings, IOException e) {
    return new SlipwayException(
        ErrorKind.INTERNAL,
        "cannot open data root " + settings.root() + ": " + FileReason.of(e),
        e);
  }

  private void requireMetadata() throws IOException {
    if (!generation.isMetadataRight()) {
      throw SlipwayException.invalid(
          "data root %1$s has blobs, but its metadata.db is new or was not used with them last:"
                  .formatted(settings.root())
              + " put the right one back, or make it anew from the blobs with"
              + " slipway registry fsck --rebuild --data-root "
              + settings.root());
    }
  }

  /** Whether the metadata is that of the blobs. */
  Generation generation() {
    return generation;
  }

  /** Gives up what is of no use any more, or least likely to be. */
  private void makeRoom() {
    try {
      collection.emptyTrashAtOnce();
    } catch (IOException e) {
      throw new SlipwayException(ErrorKind.INTERNAL, "empty the trash: " + FileReason.of(e), e);
    }
    store.uploads().expire(clock.instant().minus(IDLE_UNDER_PRESSURE));
    // who waits in awaitFullDisk does once what several callers ask for
    full.drainPermits();
    full.release();
  }

  /** Discards what a killed owner published and did not note any more; returns how much. */
  long discardLeftovers() throws InterruptedException {
    if (lock.killedOwnerSince().isEmpty()) {
      return 0;
    }
    try {
      return new Leftovers(store, blobs).discard(lock.killedOwnerSince().get(), lock.taken());
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "look for blobs that were not noted: " + FileReason.of(e), e);
    }
  }

  /** Returns when an upload found the disk too full since the last call. */
  void awaitFullDisk() throws InterruptedException {
    full.acquire();
  }

  /** Collects what a full disk can be relieved of; takes its time, unlike what uploads wait for. */
  GcReport collectForFullDisk() throws InterruptedException {
    return collection.relieve(IDLE_UNDER_PRESSURE);
  }

  public StorageSettings settings() {
    return settings;
  }

  public RegistryStore store() {
    return store;
  }

  public GarbageCollection collection() {
    return collection;
  }

  BlobStore blobs() {
    return blobs;
  }

  Clock clock() {
    return clock;
  }

  private Path names() {
    return settings.root().resolve("names.log");
  }

  /** What the journal says of repositories, manifests and tags. */
  NamedManifests readNames() {
    NamedManifests names = new NamedManifests();
    FileNameJournal.read(names(), names);
    return names;
  }

  /** Drops from the journal of names what is over. */
  void compactNames() {
    try {
      journal.compact(
          (repository, manifest) -> metadata.manifests().find(repository, manifest).isPresent());
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "compact " + names() + ": " + FileReason.of(e), e);
    }
  }

  public Scrub scrub() {
    return scrub;
  }

  /** Writes what only memory knew, for the next process. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try (lock;
        journal;
        metadata) {
      store.uploads().retireAll();
      store.lastUse().flush();
    }
  }
}
