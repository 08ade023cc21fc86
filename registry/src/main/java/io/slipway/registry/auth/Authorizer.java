package io.slipway.registry.auth;

import java.util.Optional;

/** Decides about requests. Safe for threads. */
public interface Authorizer {

  /** The decision if memory alone can tell; never blocks, so an event loop may ask. */
  Optional<Decision> decideNow(AccessRequest request);

  /** The decision, at whatever cost; not for event loops. */
  Decision decide(AccessRequest request);
}
