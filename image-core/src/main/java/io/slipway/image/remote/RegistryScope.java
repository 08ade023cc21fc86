package io.slipway.image.remote;

import io.slipway.image.name.Repository;
import java.util.List;
import java.util.Objects;

/** What a token must allow, for example {@code repository:a/b:pull,push}; several for a mount. */
record RegistryScope(List<String> scopes) {
  /** No resource at all: a login. */
  static final RegistryScope NONE = new RegistryScope(List.of());

  /** The names of all repositories. */
  static final RegistryScope CATALOG = new RegistryScope(List.of("registry:catalog:*"));

  RegistryScope {
    scopes = List.copyOf(Objects.requireNonNull(scopes, "scopes"));
  }

  static RegistryScope pull(Repository repository) {
    return new RegistryScope(List.of("repository:" + repository.path() + ":pull"));
  }

  static RegistryScope push(Repository repository) {
    return new RegistryScope(List.of("repository:" + repository.path() + ":pull,push"));
  }

  /** This, and pull from another repository: a mount. */
  RegistryScope withPull(Repository source) {
    return new RegistryScope(List.of(scopes.getFirst(), pull(source).scopes().getFirst()));
  }
}
