package io.slipway.registry.auth;

import io.slipway.registry.store.RepositoryName;
import java.util.Optional;
import java.util.function.Predicate;

/** Decides about requests. Safe for threads. */
public interface Authorizer {

  /** The decision if memory alone can tell; never blocks, so an event loop may ask. */
  Optional<Decision> decideNow(AccessRequest request);

  /** The decision, at whatever cost; not for event loops. */
  Decision decide(AccessRequest request);

  /** Whether deciding needs no proof any more; may look at files, so not for event loops. */
  boolean remembers(AccessRequest request);

  /** Which repositories a caller whose request was granted may know of. */
  Predicate<RepositoryName> visible(AccessRequest request);
}
