package io.slipway.registry.http;

import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where clients are and by which address they see us, through proxies. */
final class ClientAddresses {
  private static final String UNKNOWN = "-";

  private final Set<String> proxies;
  private final Optional<URI> publicUrl;

  /** {@code proxies}: addresses whose X-Forwarded-For is believed. */
  ClientAddresses(List<String> proxies, Optional<URI> publicUrl) {
    this.proxies = Set.copyOf(proxies);
    this.publicUrl = publicUrl;
  }

  String of(HttpServerRequest request) {
    String peer = request.remoteAddress() == null ? UNKNOWN : request.remoteAddress().hostAddress();
    if (peer == null) {
      return UNKNOWN;
    }
    if (proxies.isEmpty() || !proxies.contains(peer)) {
      return peer;
    }
    String forwarded = request.getHeader(Headers.FORWARDED_FOR);
    if (forwarded == null) {
      return peer;
    }
    // each proxy appends whom it saw: the last one that is no proxy of ours is the client
    return Arrays.stream(forwarded.split(","))
        .map(String::strip)
        .filter(a -> !a.isEmpty() && !proxies.contains(a))
        .reduce((first, last) -> last)
        .orElse(peer);
  }

  /**
   * Scheme and host by which the client reached us. What headers say is believed of anybody: it
   * only ends up in the client's own answer.
   */
  String origin(HttpServerRequest request) {
    if (publicUrl.isPresent()) {
      return publicUrl.get().toString().replaceFirst("/+$", "");
    }
    String scheme = request.getHeader(Headers.FORWARDED_PROTO);
    if (!"http".equals(scheme) && !"https".equals(scheme)) {
      scheme = request.isSSL() ? "https" : "http";
    }
    String host = request.getHeader(Headers.FORWARDED_HOST);
    if (host == null) {
      host = request.authority() == null ? "localhost" : request.authority().toString();
    }
    return scheme + "://" + host;
  }
}
