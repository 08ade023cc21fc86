package io.slipway.registry.upkeep;

import io.slipway.image.content.BlobInfo;
import io.slipway.image.content.BlobStore;
import io.slipway.registry.store.BlobCheck;
import io.slipway.registry.store.ContentRecord;
import io.slipway.registry.store.Page;
import io.slipway.registry.store.RegistryStore;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.Verdict;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads what is stored and compares it with its digests, at a steady pace. What is damaged goes to
 * quarantine, and is fetched again from where it came, if it came from somewhere; else clients are
 * told to push it again. A pass that is interrupted goes on where it was: content verified lately
 * is passed over.
 */
public final class Scrub {
  private static final int PAGE = 200;
  private static final int HOLDERS = 3;

  /** So many repositories are tried for content that is to be fetched again. */
  private static final int SOURCES = 20;

  private static final Report NOTHING = new Report(0, 0, 0, 0);

  private final RegistryStore store;
  private final BlobStore blobs;
  private final BlobCheck check;
  private final Clock clock;
  private volatile Report progress = NOTHING;

  /**
   * What a pass has done so far; {@code bytes} were read, and of what is {@code damaged} now or was
   * before, {@code repaired} was fetched again.
   */
  public record Report(long contents, long bytes, long damaged, long repaired) {
    Report plusBytes(long read) {
      return new Report(contents, bytes + read, damaged, repaired);
    }

    Report plusContent() {
      return new Report(contents + 1, bytes, damaged, repaired);
    }

    Report plusDamaged(boolean fetched) {
      return new Report(contents, bytes, damaged + 1, repaired + (fetched ? 1 : 0));
    }

    @Override
    public String toString() {
      return "read %d contents, %d bytes; %d damaged".formatted(contents, bytes, damaged)
          + (repaired > 0 ? ", of which " + repaired + " were fetched again" : "");
    }
  }

  public Scrub(RegistryStore store, BlobStore blobs, Clock clock) {
    this.store = store;
    this.blobs = blobs;
    this.check = new BlobCheck(blobs);
    this.clock = clock;
  }

  /** What the present pass has done so far, or the last one did. */
  public Report progress() {
    return progress;
  }

  /**
   * Reads all content not verified since {@code before}; {@code out} is told of each damage.
   *
   * @param bytesPerSecond zero: as fast as it goes
   * @param source tried for what is damaged, now or since an earlier pass
   */
  public Report run(Instant before, long bytesPerSecond, RepairSource source, Consumer<String> out)
      throws InterruptedException {
    progress = NOTHING;
    Pace pace = new Pace(bytesPerSecond);
    String after = "";
    while (true) {
      List<ContentRecord> page = store.metadata().upkeep().contents().list(new Page(PAGE, after));
      List<Verdict> good = new ArrayList<>();
      try {
        for (ContentRecord content : page) {
          if (content.damaged()) {
            repair(content, source, out);
          } else if (content.verified().isBefore(before) && !isGood(content, pace, good, out)) {
            repair(content, source, out);
          }
        }
      } finally {
        if (!good.isEmpty()) {
          store.metadata().upkeep().contents().judge(good);
        }
      }
      if (page.size() < PAGE) {
        return progress;
      }
      after = page.getLast().digest().toString();
    }
  }

  /** False when it went to quarantine. */
  private boolean isGood(ContentRecord content, Pace pace, List<Verdict> good, Consumer<String> out)
      throws InterruptedException {
    boolean damaged = false;
    try {
      Optional<BlobInfo> before = blobs.stat(content.digest());
      if (check.isIntact(content.digest(), content.size(), bytes -> read(bytes, pace))) {
        good.add(new Verdict(content.digest(), false, clock.instant()));
      } else {
        damaged = store.guard().quarantine(content.digest(), BlobCheck.unchangedSince(before));
      }
    } catch (ClosedByInterruptException e) {
      throw new InterruptedException();
    } catch (IOException e) {
      // a sector that cannot be read is damage too, but the blob is left where it is
      out.accept("cannot read " + content.digest() + ": " + e.getMessage());
      progress = progress.plusDamaged(false);
      return true;
    }
    progress = progress.plusContent();
    return !damaged;
  }

  private void read(long bytes, Pace pace) throws InterruptedException {
    pace.take(bytes);
    progress = progress.plusBytes(bytes);
  }

  private void repair(ContentRecord content, RepairSource source, Consumer<String> out) {
    boolean fetched =
        store.metadata().upkeep().contents().holders(content.digest(), SOURCES).stream()
            .anyMatch(repository -> source.fetch(repository, content.digest()));
    progress = progress.plusDamaged(fetched);
    out.accept(
        "damaged: %s, held by %s%s"
            .formatted(content.digest(), holders(content), fetched ? ": fetched again" : ""));
  }

  private String holders(ContentRecord content) {
    List<String> names =
        store.metadata().upkeep().contents().holders(content.digest(), HOLDERS + 1).stream()
            .map(RepositoryName::value)
            .toList();
    return names.size() <= HOLDERS
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, HOLDERS)) + " and others";
  }
}
