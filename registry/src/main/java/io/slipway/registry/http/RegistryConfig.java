package io.slipway.registry.http;

import io.slipway.registry.auth.Authorizer;
import io.slipway.registry.auth.OpenAuthorizer;
import io.slipway.registry.store.SparseManifests;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Everything a {@link RegistryServer} is made from.
 *
 * @param dataRoot the folder that holds all state; made when missing, used by one server at a time
 * @param accessLog whether each request is reported to the log, one line each
 */
public record RegistryConfig(
    ListenAddress listen,
    Path dataRoot,
    RegistryLimits limits,
    SparseManifests sparse,
    Authorizer authorizer,
    boolean accessLog) {

  public RegistryConfig {
    Objects.requireNonNull(listen, "listen");
    Objects.requireNonNull(dataRoot, "dataRoot");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(sparse, "sparse");
    Objects.requireNonNull(authorizer, "authorizer");
  }

  /** An open registry with default limits. */
  public static RegistryConfig of(ListenAddress listen, Path dataRoot) {
    return new RegistryConfig(
        listen,
        dataRoot,
        RegistryLimits.defaults(),
        SparseManifests.REJECT,
        new OpenAuthorizer(),
        false);
  }
}
