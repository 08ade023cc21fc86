package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.util.List;
import java.util.Optional;

/** The tags of each repository. They are set by {@link ManifestIndex#put} only. */
public interface TagIndex {

  Optional<Digest> resolve(RepositoryName repository, String tag);

  /** In ASCII order. */
  List<String> list(RepositoryName repository, Page page);

  /** False when there was no such tag. The manifest stays. */
  boolean delete(RepositoryName repository, String tag);

  /** As {@link #list}, with what is known of each. */
  List<TagRecord> records(RepositoryName repository, Page page);

  /** Deletes a tag unless it was set since {@code tag} was read. */
  boolean delete(RepositoryName repository, TagRecord tag);

  /** The tags that name a manifest. */
  List<String> naming(RepositoryName repository, Digest manifest);
}
