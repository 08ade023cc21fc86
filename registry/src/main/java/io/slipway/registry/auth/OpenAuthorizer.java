package io.slipway.registry.auth;

import io.slipway.registry.store.RepositoryName;
import java.util.Optional;
import java.util.function.Predicate;

/** Lets everybody do everything: a registry on a private address. */
public final class OpenAuthorizer implements Authorizer {
  private static final Optional<Decision> GRANTED = Optional.of(new Decision.Granted(""));

  @Override
  public Optional<Decision> decideNow(AccessRequest request) {
    return GRANTED;
  }

  @Override
  public Decision decide(AccessRequest request) {
    return GRANTED.get();
  }

  @Override
  public boolean remembers(AccessRequest request) {
    return true;
  }

  @Override
  public Predicate<RepositoryName> visible(AccessRequest request) {
    return name -> true;
  }
}
