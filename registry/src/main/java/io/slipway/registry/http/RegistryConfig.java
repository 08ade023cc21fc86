package io.slipway.registry.http;

import io.slipway.registry.admin.StorageSettings;
import io.slipway.registry.auth.Authorizer;
import io.slipway.registry.auth.OpenAuthorizer;
import io.slipway.registry.store.SparseManifests;
import io.slipway.registry.upkeep.UpkeepSettings;
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
    UpkeepSettings upkeep,
    Authorizer authorizer,
    boolean accessLog) {

  public RegistryConfig {
    Objects.requireNonNull(listen, "listen");
    Objects.requireNonNull(dataRoot, "dataRoot");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(sparse, "sparse");
    Objects.requireNonNull(upkeep, "upkeep");
    Objects.requireNonNull(authorizer, "authorizer");
  }

  /** An open registry with default limits. */
  public static RegistryConfig of(ListenAddress listen, Path dataRoot) {
    return new RegistryConfig(
        listen,
        dataRoot,
        RegistryLimits.defaults(),
        SparseManifests.REJECT,
        UpkeepSettings.defaults(),
        new OpenAuthorizer(),
        false);
  }

  public RegistryConfig withLimits(RegistryLimits limits) {
    return new RegistryConfig(listen, dataRoot, limits, sparse, upkeep, authorizer, accessLog);
  }

  public RegistryConfig withSparse(SparseManifests sparse) {
    return new RegistryConfig(listen, dataRoot, limits, sparse, upkeep, authorizer, accessLog);
  }

  public RegistryConfig withUpkeep(UpkeepSettings upkeep) {
    return new RegistryConfig(listen, dataRoot, limits, sparse, upkeep, authorizer, accessLog);
  }

  public RegistryConfig withAuthorizer(Authorizer authorizer) {
    return new RegistryConfig(listen, dataRoot, limits, sparse, upkeep, authorizer, accessLog);
  }

  public RegistryConfig withAccessLog(boolean accessLog) {
    return new RegistryConfig(listen, dataRoot, limits, sparse, upkeep, authorizer, accessLog);
  }

  StorageSettings storage() {
    return new StorageSettings(
        dataRoot, limits.uploadIdle(), limits.diskReserve(), limits.cache(), sparse, upkeep);
  }
}
