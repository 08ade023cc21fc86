package io.slipway.engine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
  private static Route route(String method, String path) {
    return new Route(
        method, new PathPattern(path), request -> Reply.text(200, method + " " + path));
  }

  private final RouteTable table =
      new RouteTable(
          List.of(
              route("GET", "/version"),
              route("GET", "/containers/json"),
              route("GET", "/containers/{id}/json"),
              route("GET", "/images/json"),
              route("GET", "/images/{name*}/json"),
              route("POST", "/images/{name*}/push"),
              route("DELETE", "/images/{name*}")));

  @ParameterizedTest
  @CsvSource({
    "GET,  /version,                                  /version,              {}",
    "GET,  /v1.44/version,                            /version,              {}",
    "GET,  /v1.24/containers/json,                    /containers/json,      {}",
    "GET,  /containers/a%2Fb/json,                    /containers/{id}/json, {id=a/b}",
    "GET,  /v1.51/images/json,                        /images/json,          {}",
    "GET,  /images/docker.io/library/x:1/json,        /images/{name*}/json, "
        + " {name=docker.io/library/x:1}",
    "GET,  /images/json/json,                         /images/{name*}/json,  {name=json}",
    "POST, /images/localhost:5000/a/b/push,           /images/{name*}/push, "
        + " {name=localhost:5000/a/b}",
    "DELETE, /images/x+y,                             /images/{name*},       {name=x+y}"
  })
  void finds(String method, String path, String pattern, String parameters) throws Exception {
    RouteTable.Match match = table.find(method, path);
    Reply.Whole reply =
        (Reply.Whole)
            match
                .handler()
                .handle(
                    new Request(
                        method,
                        path,
                        match.version(),
                        Map.of(),
                        Query.parse(""),
                        Headers.none(),
                        java.io.InputStream.nullInputStream(),
                        new Cancellation(),
                        true));
    assertThat(new String(reply.body())).isEqualTo(method + " " + pattern);
    assertThat(match.parameters().toString()).isEqualTo(parameters);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /nope",
    "POST, /version",
    "GET, /containers//json",
    "GET, /containers/a/b/json",
    "GET, /v1.44/v1.44/version",
    "GET, /version/"
  })
  void answersPageNotFound(String method, String path) {
    assertThatThrownBy(() -> table.find(method, path))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND))
        .hasMessage("page not found");
  }

  @Test
  void refusesVersionsOutsideTheRange() {
    assertThatThrownBy(() -> table.find("GET", "/v1.99/version"))
        .hasMessage("client version 1.99 is too new. Maximum supported API version is 1.51");
    assertThatThrownBy(() -> table.find("GET", "/v1.5/version"))
        .isInstanceOf(ClientTooOldException.class)
        .hasMessage(
            "client version 1.5 is too old. Minimum supported API version is 1.24, please upgrade"
                + " your client to a newer version");
    assertThatThrownBy(() -> table.find("GET", "/v1.2.3/version"))
        .hasMessage("invalid API version: 1.2.3");
  }

  @Test
  void knowsTheVersionOfThePath() {
    assertThat(table.find("GET", "/v1.41/version").version()).isEqualTo(new ApiVersion(1, 41));
    assertThat(table.find("GET", "/version").version()).isEqualTo(ApiVersion.MAX);
  }

  @Test
  void refusesARouteListedTwice() {
    assertThatThrownBy(() -> new RouteTable(List.of(route("GET", "/x"), route("GET", "/x"))))
        .hasMessage("route listed twice: GET /x");
  }
}
