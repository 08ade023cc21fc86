package io.slipway.engine.http;

import java.util.Objects;

/** A line of the route table; the path carries no version prefix. */
public record Route(String method, PathPattern path, RouteHandler handler) {
  public Route {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(handler, "handler");
  }

  public static Route get(String path, RouteHandler handler) {
    return new Route("GET", new PathPattern(path), handler);
  }

  public static Route head(String path, RouteHandler handler) {
    return new Route("HEAD", new PathPattern(path), handler);
  }

  public static Route post(String path, RouteHandler handler) {
    return new Route("POST", new PathPattern(path), handler);
  }

  public static Route put(String path, RouteHandler handler) {
    return new Route("PUT", new PathPattern(path), handler);
  }

  public static Route delete(String path, RouteHandler handler) {
    return new Route("DELETE", new PathPattern(path), handler);
  }
}
