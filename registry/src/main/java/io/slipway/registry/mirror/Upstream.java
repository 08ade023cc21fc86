package io.slipway.registry.mirror;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.RegistryException;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.name.Repository;
import io.slipway.image.remote.CredentialSource;
import io.slipway.registry.config.UpstreamSettings;
import io.slipway.registry.store.ErrorCode;
import io.slipway.registry.store.RegistryFault;
import io.slipway.registry.store.RepositoryName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One registry that is mirrored: which names are its, and when it may be asked again. */
final class Upstream {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int BAD_GATEWAY = 502;

  /** What a registry means that refuses without saying for how long. */
  private static final Duration DEFAULT_PAUSE = Duration.ofSeconds(10);

  private final UpstreamSettings settings;
  private final CredentialSource credentials;
  private final Clock clock;
  private volatile Instant pausedUntil = Instant.MIN;

  Upstream(UpstreamSettings settings, CredentialSource credentials, Clock clock) {
    this.settings = settings;
    this.credentials = credentials;
    this.clock = clock;
  }

  String registry() {
    return settings.registry();
  }

  CredentialSource credentials() {
    return credentials;
  }

  /** How much of the name the prefix says; empty when it does not begin it. */
  Optional<Integer> match(RepositoryName name) {
    if (settings.prefix().equals("/")) {
      return Optional.of(0);
    }
    return name.value().startsWith(settings.prefix() + "/")
        ? Optional.of(settings.prefix().length())
        : Optional.empty();
  }

  /** What the repository is called there. */
  Repository remote(RepositoryName name) {
    String rest =
        settings.prefix().equals("/")
            ? name.value()
            : name.value().substring(settings.prefix().length() + 1);
    String path = settings.path().map(before -> before + "/" + rest).orElse(rest);
    return new Repository(settings.registry(), path);
  }

  /** What a repository of the upstream is called here. */
  RepositoryName local(RepositoryName there) {
    return settings.prefix().equals("/")
        ? there
        : new RepositoryName(settings.prefix() + "/" + there.value());
  }

  /** Whether a client that means the registry {@code namespace} means this one. */
  boolean isNamed(String namespace) {
    return namespace.equals(settings.registry()) || namespace.equals(settings.prefix());
  }

  /** Refuses while the upstream wants to be left alone. */
  void requireReady() {
    Duration left = Duration.between(clock.instant(), pausedUntil);
    if (left.isPositive()) {
      throw tooManyRequests(left);
    }
  }

  private RegistryFault tooManyRequests(Duration left) {
    return RegistryFault.tooManyRequests(
        "upstream " + registry() + " limits how often it is asked", left);
  }

  /** What a failed request to the upstream means for the client. */
  RegistryFault fault(SlipwayException failure, ErrorCode absent, String what) {
    if (failure instanceof RegistryFault own) {
      return own;
    }
    if (failure instanceof RegistryException answer && answer.status() == TOO_MANY_REQUESTS) {
      Duration pause = answer.retryAfter().orElse(DEFAULT_PAUSE);
      pausedUntil = clock.instant().plus(pause);
      return tooManyRequests(pause);
    }
    return switch (failure.kind()) {
      case NOT_FOUND -> RegistryFault.of(absent, what + " is not at upstream " + registry());
      // registries that hide what is private answer so for what does not exist, too
      case UNAUTHORIZED, FORBIDDEN ->
          RegistryFault.of(
              ErrorCode.NAME_UNKNOWN, "upstream " + registry() + " does not show " + what);
      case NO_SPACE -> RegistryFault.noSpace("no space left to store " + what, failure);
      case UNAVAILABLE, INTERNAL, CANCELLED ->
          RegistryFault.withStatus(
              ErrorCode.UNAVAILABLE,
              ErrorCode.UNAVAILABLE.status(),
              "upstream " + registry() + " failed: " + failure.getMessage());
      default ->
          RegistryFault.withStatus(
              ErrorCode.UNAVAILABLE,
              BAD_GATEWAY,
              "upstream " + registry() + " answered wrongly: " + failure.getMessage());
    };
  }

  /** Whether what is known may be served in place of an answer. */
  static boolean isPassing(RegistryFault fault) {
    return fault.kind() == ErrorKind.UNAVAILABLE;
  }
}
