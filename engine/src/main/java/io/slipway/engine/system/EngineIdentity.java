package io.slipway.engine.system;

import io.slipway.engine.http.ApiVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What a daemon says about itself.
 *
 * @param id of this data root
 * @param version of Slipway
 * @param commit it was built from, or empty
 * @param dataRoot shown by info
 * @param cgroupDriver who makes cgroups: {@code cgroupfs}, or {@code none} where there can be none
 * @param cgroupVersion {@code 1} or {@code 2}
 * @param bridge the default bridge's address in CIDR, or empty
 * @param insecureRegistries registries that are spoken to without TLS
 * @param liveRestore whether containers run on when the daemon is stopped
 * @param remapped whether containers have users of their own
 * @param runtimes programs that run containers
 */
public record EngineIdentity(
    String id,
    String version,
    String commit,
    Path dataRoot,
    String cgroupDriver,
    String cgroupVersion,
    String bridge,
    List<String> insecureRegistries,
    boolean liveRestore,
    boolean remapped,
    Runtimes runtimes) {
  public EngineIdentity {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(commit, "commit");
    Objects.requireNonNull(dataRoot, "dataRoot");
    Objects.requireNonNull(cgroupDriver, "cgroupDriver");
    Objects.requireNonNull(cgroupVersion, "cgroupVersion");
    Objects.requireNonNull(bridge, "bridge");
    Objects.requireNonNull(runtimes, "runtimes");
    insecureRegistries = List.copyOf(insecureRegistries);
  }

  /**
   * The version that clients see: the release of docker whose API this is, since they compare it
   * with the release that brought what they need, and ours behind it.
   */
  public String engineVersion() {
    return ApiVersion.RELEASE + "+slipway-" + version;
  }

  /** The {@code Server} header. */
  public String serverName() {
    return "Slipway/" + version + " (linux)";
  }
}
