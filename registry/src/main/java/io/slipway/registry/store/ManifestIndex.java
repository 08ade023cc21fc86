package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The manifests of each repository and what they name. */
public interface ManifestIndex {

  Optional<ManifestRecord> find(RepositoryName repository, Digest digest);

  /**
   * Records a push: checks that required references are in the repository and that the condition
   * holds for every tag, then adds manifest, references and tags, all or nothing.
   *
   * @throws RegistryFault MANIFEST_BLOB_UNKNOWN naming the first missing digest; status 412 when
   *     the condition does not hold
   */
  void put(ManifestPut put);

  /** Removes the manifest and every tag that names it; false when it was not there. */
  boolean delete(RepositoryName repository, Digest digest);

  /**
   * Manifests of the repository whose subject is {@code subject}, by digest; {@code artifactType}
   * empty means all, {@code page.after} is a digest.
   */
  List<ManifestRecord> referrers(
      RepositoryName repository, Digest subject, String artifactType, Page page);

  /** All of a repository, also damaged ones, by digest; {@code page.after} is a digest. */
  List<ManifestRecord> list(RepositoryName repository, Page page);

  /** When each manifest was last pulled; unknown ones are ignored. */
  void pulled(Map<ManifestName, Instant> lastPull);
}
