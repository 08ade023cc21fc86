package io.slipway.registry.auth;

import io.slipway.registry.config.Action;
import io.slipway.registry.store.RepositoryName;
import java.util.Optional;
import java.util.function.Predicate;

/** Lets in whoever proves to be a known user, to do what policies or a token leave. */
final class CheckedAuthorizer implements Authorizer {
  private final Credentials credentials;
  private final Policies policies;
  private final Challenges challenges;

  CheckedAuthorizer(Credentials credentials, Policies policies, Challenges challenges) {
    this.credentials = credentials;
    this.policies = policies;
    this.challenges = challenges;
  }

  @Override
  public Optional<Decision> decideNow(AccessRequest request) {
    Identity identity = credentials.identifyNow(request);
    return identity instanceof Identity.Unsure
        ? Optional.empty()
        : Optional.of(decide(identity, request));
  }

  @Override
  public Decision decide(AccessRequest request) {
    return decide(credentials.identify(request), request);
  }

  private Decision decide(Identity identity, AccessRequest request) {
    return switch (identity) {
      case Identity.Refused refused -> challenges.wrong(request, refused.message());
      case Identity.Unsure unsure -> challenges.missing(request);
      case Identity.Proven proven -> judge(proven.caller(), request);
    };
  }

  private Decision judge(Caller caller, AccessRequest request) {
    if (mayDo(caller, request)) {
      return new Decision.Granted(caller.user());
    }
    if (caller.isJudgedByToken()) {
      return challenges.insufficient(request);
    }
    return caller.isAnonymous()
        ? challenges.missing(request)
        : new Decision.Denied(caller.user(), "requested access to the resource is denied");
  }

  private boolean mayDo(Caller caller, AccessRequest request) {
    if (request.repository().isPresent()) {
      RepositoryName repository = request.repository().get();
      return request.actions().stream().allMatch(a -> policies.allows(caller, repository, a));
    }
    if (request.isCatalog()) {
      return policies.mayList(caller);
    }
    // the version check: a token of nobody is what the token service gives to anonymous callers
    return !caller.isAnonymous() || caller.byToken();
  }

  @Override
  public boolean remembers(AccessRequest request) {
    return !(credentials.identifyFresh(request) instanceof Identity.Unsure);
  }

  @Override
  public Predicate<RepositoryName> visible(AccessRequest request) {
    if (!(credentials.identify(request) instanceof Identity.Proven proven)) {
      return name -> false;
    }
    Caller caller = proven.caller();
    return name ->
        caller.isJudgedByToken()
            ? policies.permits(caller, name, Action.PULL)
            : policies.allows(caller, name, Action.PULL);
  }
}
