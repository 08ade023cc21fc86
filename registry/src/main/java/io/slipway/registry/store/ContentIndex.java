package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All contents, blobs and manifests, whoever holds them. */
public interface ContentIndex {

  Optional<ContentRecord> find(Digest digest);

  /** By digest; {@code page.after} is a digest. */
  List<ContentRecord> list(Page page);

  /** Up to {@code limit} repositories that hold the content, as a blob or as a manifest. */
  List<RepositoryName> holders(Digest digest, int limit);

  /**
   * Notes what came of reading contents. Nobody finds damaged content or may name it in a manifest
   * until it is pushed again; unknown digests are ignored.
   */
  void judge(Collection<Verdict> verdicts);

  /** Up to {@code limit} contents that no repository holds, from where the page before ended. */
  GarbagePage unheld(String cursor, int limit);

  /** Those of {@code digests} that no repository holds, whether or not they are known. */
  Set<Digest> unheld(Collection<Digest> digests);

  /** Forgets those of {@code digests} that no repository holds. */
  void forget(Collection<Digest> digests);
}
