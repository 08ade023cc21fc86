package io.slipway.registry.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** One request as those see it who report on it: who came, for what, since when. */
final class Visit {
  private final HttpServerRequest request;
  private final String address;
  private final long started;
  private Optional<Route> route = Optional.empty();
  private String user = "";
  private String note = "";
  private boolean failedLogin;

  /** {@code started}: System.nanoTime when the request came. */
  Visit(HttpServerRequest request, String address, long started) {
    this.request = request;
    this.address = address;
    this.started = started;
  }

  HttpServerRequest request() {
    return request;
  }

  /** The client's, not that of a trusted proxy. */
  String address() {
    return address;
  }

  long started() {
    return started;
  }

  /** Empty when the path names nothing. */
  Optional<Route> route() {
    return route;
  }

  void goesTo(Route newRoute) {
    route = Optional.of(newRoute);
  }

  /** Empty text as long as nobody is known. */
  String user() {
    return user;
  }

  void isOf(String newUser) {
    user = newUser;
  }

  /** What else the audit log is to say. */
  String note() {
    return note;
  }

  void note(String text) {
    note = text;
  }

  /** Whether credentials came and were wrong. */
  boolean failedLogin() {
    return failedLogin;
  }

  void failLogin() {
    failedLogin = true;
  }
}
