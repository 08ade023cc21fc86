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
  private final Platform platform;
  private final Map<Reference, FutureTask<BaseImage>> lookups = new ConcurrentHashMap<>();

  ImageLookups(BaseImages images, Platform platform) {
    this.images = images;
    this.platform = platform;
  }

  /** Begins a lookup whose outcome {@link #get} tells. */
  void start(Reference reference) {
    lookups.computeIfAbsent(
        reference,
        wanted -> {
          var task = new FutureTask<>(() -> images.resolve(wanted, platform));
          Thread.ofVirtual().name("resolve " + wanted.familiar()).start(task);
          return task;
        });
  }

  BaseImage get(Reference reference) {
    start(reference);
    try {
      return lookups.get(reference).get();
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
