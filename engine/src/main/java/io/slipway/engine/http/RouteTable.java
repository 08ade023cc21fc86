package io.slipway.engine.http;

import io.slipway.image.error.SlipwayException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All routes, in order: the first that fits answers. */
public record RouteTable(List<Route> routes) {
  private static final Pattern VERSIONED = Pattern.compile("/v([0-9.]+)(/.*)");

  public RouteTable {
    routes = List.copyOf(routes);
    Set<String> seen = new HashSet<>();
    for (Route route : routes) {
      String line = route.method() + " " + route.path().text();
      if (!seen.add(line)) {
        throw new IllegalArgumentException("route listed twice: " + line);
      }
    }
  }

  /** What a request line means: the version it speaks, the route, the path parameters. */
  record Match(ApiVersion version, RouteHandler handler, Map<String, String> parameters) {}

  /**
   * Finds the route of a path that may start with a version.
   *
   * @throws SlipwayException {@code page not found} for an unknown path or method, as Docker says;
   *     invalid for a version outside {@link ApiVersion#MIN} to {@link ApiVersion#MAX}
   */
  Match find(String method, String path) {
    Matcher versioned = VERSIONED.matcher(path);
    boolean prefixed = versioned.matches();
    String rest = prefixed ? versioned.group(2) : path;
    for (Route route : routes) {
      if (route.method().equals(method)) {
        Optional<Map<String, String>> parameters = route.path().match(rest);
        if (parameters.isPresent()) {
          ApiVersion version = prefixed ? supported(versioned.group(1)) : ApiVersion.MAX;
          return new Match(version, route.handler(), parameters.get());
        }
      }
    }
    throw SlipwayException.notFound("page not found");
  }

  private static ApiVersion supported(String text) {
    ApiVersion version = ApiVersion.parse(text);
    if (version.compareTo(ApiVersion.MIN) < 0) {
      throw new ClientTooOldException(version);
    }
    if (version.compareTo(ApiVersion.MAX) > 0) {
      throw SlipwayException.invalid(
          "client version "
              + version
              + " is too new. Maximum supported API version is "
              + ApiVersion.MAX);
    }
    return version;
  }
}
