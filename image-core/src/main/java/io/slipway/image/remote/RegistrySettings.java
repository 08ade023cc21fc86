package io.slipway.image.remote;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * How to talk to registries.
 *
 * @param insecure registries (as in references, with port) that speak plain HTTP; loopback hosts do
 *     unless there are certificates for them
 * @param userAgent the User-Agent header
 * @param connectTimeout until a connection stands
 * @param stallTimeout without any byte moving, after which a transfer counts as broken
 * @param attempts how often in all a step is tried without any progress
 * @param firstDelay before the second attempt; doubled for each later one, up to 30 seconds
 * @param longestWait that is granted to a registry that asks for time; one that asks for more fails
 *     at once
 * @param parallelDownloads layers of one pull at a time
 * @param parallelUploads layers of one push at a time
 * @param certificates folders with a folder for each registry, as docker's certs.d has them
 * @param authorities for single registries, a file of CA certificates in PEM to trust beside those
 */
public record RegistrySettings(
    Set<String> insecure,
    String userAgent,
    Duration connectTimeout,
    Duration stallTimeout,
    int attempts,
    Duration firstDelay,
    Duration longestWait,
    int parallelDownloads,
    int parallelUploads,
    List<Path> certificates,
    Map<String, Path> authorities) {

  /** Docker's parallelism, and timeouts that bear a slow registry. */
  public static final RegistrySettings DEFAULT =
      new RegistrySettings(
          Set.of(),
          "slipway",
          Duration.ofSeconds(20),
          Duration.ofSeconds(60),
          5,
          Duration.ofMillis(500),
          Duration.ofMinutes(2),
          3,
          5,
          List.of(Path.of("/etc/docker/certs.d"), Path.of("/etc/slipway/certs.d")),
          Map.of());

  public RegistrySettings {
    insecure = Set.copyOf(insecure);
    Objects.requireNonNull(userAgent, "userAgent");
    Objects.requireNonNull(connectTimeout, "connectTimeout");
    Objects.requireNonNull(stallTimeout, "stallTimeout");
    Objects.requireNonNull(firstDelay, "firstDelay");
    Objects.requireNonNull(longestWait, "longestWait");
    certificates = List.copyOf(certificates);
    authorities = Map.copyOf(authorities);
  }

  public RegistrySettings withInsecure(Set<String> registries) {
    return new RegistrySettings(
        registries,
        userAgent,
        connectTimeout,
        stallTimeout,
        attempts,
        firstDelay,
        longestWait,
        parallelDownloads,
        parallelUploads,
        certificates,
        authorities);
  }

  /** With other folders of certificates. */
  public RegistrySettings withCertificates(List<Path> folders) {
    return new RegistrySettings(
        insecure,
        userAgent,
        connectTimeout,
        stallTimeout,
        attempts,
        firstDelay,
        longestWait,
        parallelDownloads,
        parallelUploads,
        folders,
        authorities);
  }

  /** With other patience, for tests and impatient callers. */
  public RegistrySettings withPatience(
      Duration newStallTimeout, int newAttempts, Duration newFirstDelay) {
    return new RegistrySettings(
        insecure,
        userAgent,
        connectTimeout,
        newStallTimeout,
        newAttempts,
        newFirstDelay,
        longestWait,
        parallelDownloads,
        parallelUploads,
        certificates,
        authorities);
  }

  public RegistrySettings withLongestWait(Duration wait) {
    return new RegistrySettings(
        insecure,
        userAgent,
        connectTimeout,
        stallTimeout,
        attempts,
        firstDelay,
        wait,
        parallelDownloads,
        parallelUploads,
        certificates,
        authorities);
  }

  /** With CA certificates of single registries. */
  public RegistrySettings withAuthorities(Map<String, Path> files) {
    return new RegistrySettings(
        insecure,
        userAgent,
        connectTimeout,
        stallTimeout,
        attempts,
        firstDelay,
        longestWait,
        parallelDownloads,
        parallelUploads,
        certificates,
        files);
  }
}
