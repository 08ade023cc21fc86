package io.slipway.registry.http;

import io.slipway.registry.config.TlsSettings;
import io.slipway.registry.tls.KeyPairPem;
import io.slipway.registry.tls.ServerCertificate;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** TLS of the server sockets: options at the start, another certificate when it has changed. */
final class ServerTls implements AutoCloseable {
  private static final long RECHECK_SECONDS = 2;
  private static final Set<String> PROTOCOLS = new LinkedHashSet<>(List.of("TLSv1.3", "TLSv1.2"));

  private final TlsSettings settings;
  private final ServerCertificate certificate;
  private final Consumer<String> log;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("registry-certificate").factory());

  ServerTls(TlsSettings settings, ServerCertificate certificate, Consumer<String> log) {
    this.settings = settings;
    this.certificate = certificate;
    this.log = log;
  }

  HttpServerOptions apply(HttpServerOptions options) {
    // HTTP/2 would put many layers into one window, and cost the way files are sent
    options.setSsl(true).setUseAlpn(false).setEnabledSecureTransportProtocols(PROTOCOLS);
    options.setKeyCertOptions(keyCert());
    if (settings.clientCa().isPresent()) {
      options.setTrustOptions(trust()).setClientAuth(clientAuth());
    }
    if (OpenSSLEngineOptions.isAvailable()) {
      options.setSslEngineOptions(new OpenSSLEngineOptions());
    } else {
      log.accept("native TLS is not available: using the slower one of the JDK");
    }
    return options;
  }

  /** Gives the servers each new certificate; connections that stand keep the old one. */
  void watch(List<HttpServer> servers) {
    timer.scheduleWithFixedDelay(
        () -> {
          try {
            if (certificate.refresh()) {
              servers.forEach(this::update);
            }
          } catch (RuntimeException e) {
            log.accept("the certificate stays as it was: " + e.getMessage());
          }
        },
        RECHECK_SECONDS,
        RECHECK_SECONDS,
        TimeUnit.SECONDS);
  }

  private void update(HttpServer server) {
    ServerSSLOptions options = new ServerSSLOptions();
    options.setUseAlpn(false).setEnabledSecureTransportProtocols(PROTOCOLS);
    options.setKeyCertOptions(keyCert());
    if (settings.clientCa().isPresent()) {
      options.setTrustOptions(trust()).setClientAuth(clientAuth());
    }
    server
        .updateSSLOptions(options)
        .onFailure(e -> log.accept("the certificate stays as it was: " + e.getMessage()));
  }

  private PemKeyCertOptions keyCert() {
    KeyPairPem pair = certificate.pair();
    return new PemKeyCertOptions()
        .setCertValue(Buffer.buffer(pair.certificates()))
        .setKeyValue(Buffer.buffer(pair.key()));
  }

  private PemTrustOptions trust() {
    return new PemTrustOptions().addCertPath(settings.clientCa().orElseThrow().toString());
  }

  private ClientAuth clientAuth() {
    return settings.clientCertRequired() ? ClientAuth.REQUIRED : ClientAuth.REQUEST;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
