package io.slipway.registry.store;

import io.slipway.image.content.BlobInfo;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.Lease;
import io.slipway.image.content.Leases;
import io.slipway.image.content.Shelf;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps requests and removals of the same content apart. Whoever is about to tell a client that
 * content exists, or to add it to a repository, pins its digest first and then looks; removals take
 * only what is not pinned, and pins of it wait meanwhile. So an answer "exists" is either given
 * before a removal, which then finds the content just used, or after it, when it is no longer true.
 * Answers from memory pin nothing: they note the use first and then look whether the view they came
 * from is still the present one; a removal drops the view first and then looks for notes.
 */
public final class ContentGuard {
  private final BlobStore blobs;
  private final MetadataStore metadata;
  private final HotViews views;
  private final LastUse lastUse;
  private final Leases leases = new Leases();

  ContentGuard(BlobStore blobs, MetadataStore metadata, HotViews views, LastUse lastUse) {
    this.blobs = blobs;
    this.metadata = metadata;
    this.views = views;
    this.lastUse = lastUse;
  }

  /** Keeps {@code digest} from every removal until closed; waits for one that is under way. */
  Lease pin(Digest digest) {
    Lease lease = leases.open();
    lease.pin(digest);
    return lease;
  }

  /**
   * Drops from a repository what is still unneeded, not in use and untouched since {@code
   * untouchedSince}; returns what was dropped.
   */
  public List<Digest> drop(
      RepositoryName repository,
      GarbageIndex.Kind kind,
      Collection<Digest> unneeded,
      Instant untouchedSince) {
    List<Digest> dropped = new ArrayList<>();
    leases.removeUnpinned(
        unneeded,
        unpinned -> {
          views.drop(repository);
          List<Digest> unused =
              unpinned.stream().filter(d -> !lastUse.isNoted(d, untouchedSince)).toList();
          if (!unused.isEmpty()) {
            dropped.addAll(
                metadata.upkeep().garbage().drop(repository, kind, unused, untouchedSince));
            views.drop(repository);
          }
        });
    return dropped;
  }

  /** Moves to the trash what no repository holds and nobody is about to; returns what was moved. */
  public Set<Digest> discard(Collection<Digest> unheld) {
    ContentIndex contents = metadata.upkeep().contents();
    List<Digest> discarded = new ArrayList<>();
    leases.removeUnpinned(
        unheld,
        unpinned -> {
          Set<Digest> free = contents.unheld(unpinned);
          for (Digest digest : free) {
            take(digest, Shelf.TRASH);
          }
          // last, so that a process that dies in between leaves nothing that is not found again
          contents.forget(free);
          discarded.addAll(free);
        });
    return Set.copyOf(discarded);
  }

  /** Discards content that its push could not give to a repository because of {@code reason}. */
  void giveUp(Digest digest, RuntimeException reason) {
    try {
      discard(List.of(digest));
    } catch (RuntimeException e) {
      reason.addSuppressed(e);
    }
  }

  /** Looks at a blob that seems damaged once more. */
  public interface Doubt {
    /** True when the blob, whose present state is {@code stored}, is damaged indeed. */
    boolean isDamaged(Optional<BlobInfo> stored) throws IOException;
  }

  /**
   * Puts a blob into quarantine if {@code doubt} still holds while nobody writes it; from then on
   * it is absent until it is pushed again. False when the blob is in use or good after all, or when
   * no repository holds it, so that the next collection takes it.
   */
  public boolean quarantine(Digest digest, Doubt doubt) {
    List<Digest> taken = new ArrayList<>();
    leases.removeUnpinned(
        List.of(digest),
        unpinned -> {
          ContentIndex contents = metadata.upkeep().contents();
          boolean held = !unpinned.isEmpty() && contents.unheld(unpinned).isEmpty();
          if (held && confirmed(digest, doubt)) {
            contents.judge(List.of(new Verdict(digest, true, Instant.now())));
            views.dropAll();
            take(digest, Shelf.QUARANTINE);
            taken.add(digest);
          }
        });
    return !taken.isEmpty();
  }

  private boolean confirmed(Digest digest, Doubt doubt) {
    try {
      return doubt.isDamaged(blobs.stat(digest));
    } catch (IOException e) {
      throw failure("look at", digest, e);
    }
  }

  private void take(Digest digest, Shelf shelf) {
    try {
      blobs.shelf(shelf).take(digest);
    } catch (IOException e) {
      throw failure("remove", digest, e);
    }
  }

  private static SlipwayException failure(String step, Digest digest, IOException cause) {
    return new SlipwayException(
        ErrorKind.INTERNAL, step + " " + digest + ": " + cause.getMessage(), cause);
  }
}
