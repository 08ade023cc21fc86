package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.util.Collection;

/**
 * What cannot be told from the blobs if the metadata is ever lost: which repository has which
 * manifest, of which type, and its tags. A change is noted after it is in the metadata; a process
 * that dies in between leaves the journal one change behind.
 */
public interface NameJournal {

  /** {@code repository} has the manifest, and {@code tags} name it. */
  void put(RepositoryName repository, Digest manifest, String mediaType, Collection<String> tags);

  void untagged(RepositoryName repository, String tag);

  void deleted(RepositoryName repository, Digest manifest);

  /** Keeps nothing. */
  static NameJournal none() {
    return new NameJournal() {
      @Override
      public void put(
          RepositoryName repository, Digest manifest, String mediaType, Collection<String> tags) {}

      @Override
      public void untagged(RepositoryName repository, String tag) {}

      @Override
      public void deleted(RepositoryName repository, Digest manifest) {}
    };
  }
}
