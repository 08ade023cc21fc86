package io.slipway.builder.op;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.graph.ExecMount;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.io.IOException;
import java.util.Optional;

/** Results of steps that were made elsewhere. Called from many threads. */
public interface OtherResults {
  /** There are none. */
  OtherResults NONE =
      new OtherResults() {
        @Override
        public Optional<SnapshotKey> find(CacheKey key) {
          return Optional.empty();
        }

        @Override
        public void fill(ExecMount.Cache mount) {}
      };

  /** The result's tree, brought here if need be and kept while the build runs. */
  Optional<SnapshotKey> find(CacheKey key) throws IOException;

  /** Puts into a cache mount that does not exist yet what it has elsewhere. */
  void fill(ExecMount.Cache mount) throws IOException;
}
