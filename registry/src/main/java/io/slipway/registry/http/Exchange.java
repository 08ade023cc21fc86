package io.slipway.registry.http;

import io.slipway.registry.auth.AccessRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Objects;

/** One request as the endpoints see it. Safe to read from the thread that answers it. */
final class Exchange {
  private final HttpServerRequest request;
  private final AccessRequest access;
  private final RequestBody body;

  /** {@code body} is null for methods that have none. */
  Exchange(HttpServerRequest request, AccessRequest access, RequestBody body) {
    this.request = request;
    this.access = access;
    this.body = body;
  }

  HttpMethod method() {
    return request.method();
  }

  boolean isHead() {
    return request.method() == HttpMethod.HEAD;
  }

  /** Path and query as they came. */
  String target() {
    return request.uri();
  }

  Query query() {
    return Query.of(request.uri());
  }

  /** Null when absent. */
  String header(CharSequence name) {
    return request.getHeader(name);
  }

  List<String> headers(CharSequence name) {
    return request.headers().getAll(name);
  }

  AccessRequest access() {
    return access;
  }

  RequestBody body() {
    return Objects.requireNonNull(body, "this method has no body");
  }
}
