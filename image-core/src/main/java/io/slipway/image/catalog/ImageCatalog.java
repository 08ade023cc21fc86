package io.slipway.image.catalog;

import io.slipway.image.model.Digest;
import io.slipway.image.name.Reference;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The images of one data root. Safe for threads; every change is durable when the call returns. */
public interface ImageCatalog {
  /** The image with this id. */
  Optional<ImageRecord> find(Digest id);

  /**
   * The image a reference names: by tag, or by a repo digest of the same repository. A reference
   * with neither has no answer; add the default tag first.
   */
  Optional<ImageRecord> find(Reference reference);

  /** All images, newest first. */
  List<ImageRecord> list();

  /**
   * Makes an image known, or adds {@code origins} to a known one. Its config and manifests must be
   * in the blob store already.
   */
  ImageRecord add(Digest id, Collection<ManifestOrigin> origins) throws IOException;

  /**
   * Puts {@code reference} (with a tag, without a digest) on a known image, taking it from the one
   * that had it. NOT_FOUND when the image is unknown. The id of the image that lost the tag.
   */
  Optional<Digest> tag(Digest id, Reference reference) throws IOException;

  /**
   * Takes a tag from its image, or with a digest reference that repository's manifests. The image's
   * id; empty when nothing had the reference. The image stays, also without any reference.
   */
  Optional<Digest> untag(Reference reference) throws IOException;

  /** Forgets an image and all its references; false when it was unknown. Blobs are left to GC. */
  boolean remove(Digest id) throws IOException;
}
