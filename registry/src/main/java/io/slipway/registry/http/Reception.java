package io.slipway.registry.http;

import io.slipway.registry.config.RegistrySettings;
import io.slipway.registry.store.ErrorCode;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What happens around every request and not because of what it asks for: limits, read-only mode,
 * health, reports.
 */
final class Reception {
  private static final int UNAVAILABLE = 503;
  private static final byte[] OK = "{\"status\":\"ok\"}".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NOT_READY =
      "{\"status\":\"not ready\"}".getBytes(StandardCharsets.US_ASCII);

  private final ClientAddresses addresses;
  private final boolean clientCertificates;
  private final ReadOnlySwitch readOnly;
  private final RateLimits limits;
  private final RequestLog log;
  private final List<VisitListener> listeners;
  private final BooleanSupplier ready;
  private final Duration drainDelay;
  private volatile boolean draining;

  /** {@code ready}: whether requests can be answered now; may block. */
  Reception(
      RegistrySettings settings,
      RequestLog log,
      List<VisitListener> listeners,
      BooleanSupplier ready) {
    this.addresses = new ClientAddresses(settings.trustedProxies(), settings.publicUrl());
    this.clientCertificates = settings.tls().clientCa().isPresent();
    this.readOnly = new ReadOnlySwitch(settings.readOnly(), settings.dataRoot(), System::nanoTime);
    this.limits = new RateLimits(settings.rates());
    this.log = log;
    this.listeners = List.copyOf(listeners);
    this.ready = ready;
    this.drainDelay = settings.limits().drainDelay();
  }

  Visit visit(HttpServerRequest request) {
    return new Visit(request, addresses.of(request), System.nanoTime());
  }

  String origin(HttpServerRequest request) {
    return addresses.origin(request);
  }

  /** The user that a client certificate names; TLS has verified it. */
  Optional<String> certificateUser(HttpServerRequest request) {
    return clientCertificates ? CertificateUsers.of(request) : Optional.empty();
  }

  /** A refusal whoever asks; {@code changes}: whether the request is to change anything. */
  Optional<Answer> refusal(Visit visit, boolean changes) {
    Optional<Answer> tooMany = limits.ofAddress(visit.address());
    if (tooMany.isEmpty() && changes && readOnly.isOn()) {
      return Optional.of(
          ErrorAnswers.answer(
              ErrorCode.UNSUPPORTED.status(),
              ErrorCode.UNSUPPORTED,
              "the registry is read-only at the moment",
              ""));
    }
    return tooMany;
  }

  Optional<Answer> refuseUser(Visit visit) {
    return limits.ofUser(visit.user());
  }

  Optional<Answer> refuseLogin(Visit visit) {
    return limits.ofLogins(visit.address());
  }

  void failedLogin(Visit visit) {
    visit.failLogin();
    limits.failedLogin(visit.address());
  }

  Answer alive() {
    return Answer.of(200).json(OK).header(Headers.CACHE_CONTROL, Headers.NO_STORE);
  }

  /** From now on the server is not ready, so that a balancer sends nobody here any more. */
  void drain() throws InterruptedException {
    draining = true;
    Thread.sleep(drainDelay);
  }

  Answer ready() {
    return !draining && ready.getAsBoolean() ? alive() : Answer.of(UNAVAILABLE).json(NOT_READY);
  }

  void failure(Throwable failure) {
    log.failure(failure);
  }

  void ended(Visit visit, int status, long bytes, boolean complete) {
    for (VisitListener listener : listeners) {
      listener.ended(visit, status, bytes, complete);
    }
  }
}
