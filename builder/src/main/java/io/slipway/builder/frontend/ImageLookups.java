package io.slipway.builder.frontend;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Looks up each image once, several at a time. */
final class ImageLookups {
  private final BaseImages images;
  private final Map<Wanted, FutureTask<BaseImage>> lookups = new ConcurrentHashMap<>();
  private final Map<Stored, BaseImage> layouts = new ConcurrentHashMap<>();

  private record Wanted(Reference reference, Platform platform) {}

  private record Stored(NamedContext.Layout layout, Platform platform) {}

  ImageLookups(BaseImages images) {
    this.images = images;
  }

  /** Begins a lookup whose outcome {@link #get} tells. */
  void start(Reference reference, Platform platform) {
    lookups.computeIfAbsent(
        new Wanted(reference, platform),
        wanted -> {
          var task = new FutureTask<>(() -> images.resolve(reference, platform));
          Thread.ofVirtual().name("resolve " + reference.familiar()).start(task);
          return task;
        });
  }

  /** The image of an OCI layout. */
  BaseImage get(NamedContext.Layout layout, Platform platform) {
    return layouts.computeIfAbsent(
        new Stored(layout, platform), wanted -> images.load(layout, platform));
  }

  BaseImage get(Reference reference, Platform platform) {
    start(reference, platform);
    try {
      return lookups.get(new Wanted(reference, platform)).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SlipwayException known) {
        throw named(reference, known);
      }
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new SlipwayException(
          ErrorKind.INTERNAL, "cannot look up " + reference.familiar(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      lookups.values().forEach(task -> task.cancel(true));
      throw new SlipwayException(ErrorKind.CANCELLED, "build cancelled", e);
    }
  }

  /** A registry that does not answer tells its address only: which image was wanted of it? */
  private static SlipwayException named(Reference reference, SlipwayException failure) {
    String name = reference.familiar();
    return failure.getMessage().contains(name)
        ? failure
        : new SlipwayException(
            failure.kind(), "cannot get image " + name + ": " + failure.getMessage(), failure);
  }
}
