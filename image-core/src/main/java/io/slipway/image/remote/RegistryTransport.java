package io.slipway.image.remote;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.remote.HttpExchange.Call;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Requests to one registry with authorization, redirects and retries. Authorization goes to the
 * registry itself only, never to where it redirects.
 */
final class RegistryTransport {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int MAX_REDIRECTS = 5;
  private static final int UNAUTHORIZED = 401;

  private final HttpExchange http;
  private final RegistryAddress address;
  private final RegistryAuthorization authorization;

  RegistryTransport(
      HttpExchange http, RegistryAddress address, RegistryAuthorization authorization) {
    this.http = http;
    this.address = address;
    this.authorization = authorization;
  }

  RegistryAddress address() {
    return address;
  }

  RegistrySettings settings() {
    return http.settings();
  }

  /**
   * Asks for the root of the API: shows early that nobody is there, and what authorization is
   * wanted, so that no upload starts with a 401. The status does not matter.
   */
  void ping() throws IOException {
    Call call = Call.of("GET", address.url(""), Map.of());
    http.retrying(() -> {
      try (RegistryResponse response = http.once(call)) {
        if (response.status() == UNAUTHORIZED) {
          authorization.note(response);
        }
        return response.status();
      }
    });
  }

  /** Asks for the root of the API with credentials; UNAUTHORIZED when they are refused. */
  void login() throws IOException {
    URI root = address.url("");
    SlipwayException reason;
    try (RegistryResponse response = send("GET", root, Map.of(), RegistryScope.NONE)) {
      if (response.isSuccess()) {
        return;
      }
      reason = RegistryErrors.of(response);
      if (response.status() != UNAUTHORIZED) {
        throw reason;
      }
    } catch (SlipwayException e) {
      if (e.kind() != ErrorKind.UNAUTHORIZED) {
        throw e;
      }
      reason = e;
    }
    throw new SlipwayException(
        ErrorKind.UNAUTHORIZED,
        "login attempt to " + root + " failed with status: 401 Unauthorized",
        reason);
  }

  /** Sends a request without body until an answer comes that is no transient failure. */
  RegistryResponse send(String method, URI uri, Map<String, String> headers, RegistryScope scope)
      throws IOException {
    return send(Call.of(method, uri, headers), scope);
  }

  /** Sends a request, with a short body, until an answer comes that is no transient failure. */
  RegistryResponse send(Call call, RegistryScope scope) throws IOException {
    return http.retrying(() -> checked(once(call, scope)));
  }

  /** A successful answer with its whole body. */
  record Fetched(RegistryResponse response, byte[] body) {}

  /**
   * Sends a GET until its body has arrived; throws for any status but 2xx. The body has one byte
   * more than {@code maxBytes} when it is larger.
   */
  Fetched fetch(URI uri, Map<String, String> headers, RegistryScope scope, int maxBytes)
      throws IOException {
    Call call = Call.of("GET", uri, headers);
    return http.retrying(() -> {
      try (RegistryResponse response = once(call, scope)) {
        if (!response.isSuccess()) {
          throw http.failure(response);
        }
        return new Fetched(response, http.read(response, maxBytes));
      }
    });
  }

  /** Sends once, or twice when the first answer asks for authorization. Any status is an answer. */
  RegistryResponse once(Call call, RegistryScope scope) throws IOException, TransientFailure {
    RegistryResponse first = authorized(call, scope);
    if (first.status() != UNAUTHORIZED) {
      return follow(call, first);
    }
    try (first) {
      if (!authorization.learn(first, scope)) {
        throw RegistryErrors.of(first);
      }
    }
    return follow(call, authorized(call, scope));
  }

  private RegistryResponse authorized(Call call, RegistryScope scope)
      throws IOException, TransientFailure {
    Optional<String> header =
        address.isSameHost(call.uri()) ? authorization.header(scope) : Optional.empty();
    return http.once(header.map(value -> call.withHeader("Authorization", value)).orElse(call));
  }

  /** Only what has no body is sent again elsewhere. */
  private RegistryResponse follow(Call call, RegistryResponse first) throws TransientFailure {
    RegistryResponse response = first;
    boolean bodyless = call.method().equals("GET") || call.method().equals("HEAD");
    for (int i = 0; bodyless && REDIRECTS.contains(response.status()); i++) {
      if (i == MAX_REDIRECTS) {
        response.close();
        throw SlipwayException.invalid(
            "registry " + address.domain() + " redirects more than " + MAX_REDIRECTS + " times");
      }
      URI target = location(response);
      response.close();
      if (!"https".equals(target.getScheme()) && !address.isPlainHttp()) {
        throw SlipwayException.invalid(
            "registry " + address.domain() + " redirects to insecure " + target.getHost());
      }
      response = http.once(call.withUri(target));
    }
    return response;
  }

  /** Passes 2xx and lasting failures; closes and throws on a transient one. */
  RegistryResponse checked(RegistryResponse response) throws TransientFailure {
    if (!RegistryErrors.isTransient(response.status())) {
      return response;
    }
    try (response) {
      throw http.failure(response);
    }
  }

  /** The failure an answer other than 2xx stands for. */
  TransientFailure failure(RegistryResponse response) {
    return http.failure(response);
  }

  /**
   * The Location of an answer. A registry behind a proxy often names itself with the wrong scheme
   * or without its port: the same host always means the registry as we reach it.
   */
  URI location(RegistryResponse response) {
    String text =
        response
            .header("Location")
            .orElseThrow(() ->
                SlipwayException.invalid(
                    "registry " + address.domain() + " sent no Location header"));
    URI uri;
    try {
      uri = response.uri().resolve(text);
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(
          ErrorKind.INVALID, "registry " + address.domain() + " sent an invalid Location", e);
    }
    if (uri.getHost() == null || uri.getScheme() == null) {
      throw SlipwayException.invalid(
          "registry " + address.domain() + " sent an invalid Location \"" + text + "\"");
    }
    boolean downgraded = uri.getScheme().equals("http") && !address.isPlainHttp();
    if (downgraded && uri.getHost().equalsIgnoreCase(address.base().getHost())) {
      String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
      return URI.create(address.base() + uri.getRawPath() + query);
    }
    return uri;
  }
}
