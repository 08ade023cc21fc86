package io.slipway.registry.http;

import io.slipway.registry.mirror.Mirrors;
import io.slipway.registry.store.ErrorCode;
import io.slipway.registry.store.RegistryFault;
import io.slipway.registry.store.RepositoryName;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Set;

/**
 * What mirrors change about addresses (distribution-spec "Registry Proxying"): a client may name
 * the registry it means in the query, and nobody pushes to a copy.
 */
final class MirrorRoutes {
  private static final String PARAMETER = "ns";
  private static final Set<HttpMethod> PUSHING =
      Set.of(HttpMethod.PUT, HttpMethod.POST, HttpMethod.PATCH);

  private final Mirrors mirrors;

  MirrorRoutes(Mirrors mirrors) {
    this.mirrors = mirrors;
  }

  /**
   * The route to the repository here that the client means; says so in the answer's headers.
   *
   * @throws RegistryFault UNSUPPORTED for a push to a mirror
   */
  Route resolve(Route route, HttpServerRequest request) {
    if (mirrors.isEmpty()) {
      return route;
    }
    Optional<RepositoryName> repository = route.repositoryName();
    if (repository.isEmpty()) {
      return route;
    }
    if (PUSHING.contains(request.method())) {
      if (mirrors.of(repository.get()).isPresent()) {
        throw RegistryFault.of(
            ErrorCode.UNSUPPORTED,
            "repository %s is a copy of another registry's: push there"
                .formatted(repository.get()));
      }
      return route;
    }
    Optional<String> namespace = Query.of(request.uri()).first(PARAMETER);
    Optional<RepositoryName> local =
        namespace.flatMap(name -> mirrors.local(name, repository.get()));
    if (local.isEmpty()) {
      return route;
    }
    request.response().putHeader(Headers.OCI_NAMESPACE, namespace.get());
    return route.in(local.get());
  }
}
