package io.slipway.registry.http;

import io.slipway.registry.auth.TokenRequest;
import io.slipway.registry.auth.TokenService;
import io.slipway.registry.store.ErrorCode;
import io.slipway.registry.store.RegistryFault;
import io.vertx.core.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The token service over HTTP: parameters in a query (GET) or in a form (POST). */
final class TokenEndpoint {
  private static final int MAX_FORM = 64 << 10;

  private final Optional<TokenService> service;

  TokenEndpoint(Optional<TokenService> service) {
    this.service = service;
  }

  /** An answer and for whom it is, empty text for an anonymous caller. */
  record Issued(Answer answer, String user, String scope) {}

  Issued issue(Exchange exchange) throws IOException {
    TokenService tokens = service.orElseThrow(TokenEndpoint::absent);
    boolean form = exchange.method() == HttpMethod.POST;
    TokenService.Issued issued = tokens.issue(form ? fromForm(exchange) : fromQuery(exchange));
    Answer answer =
        Answer.of(200).json(issued.json()).header(Headers.CACHE_CONTROL, Headers.NO_STORE);
    return new Issued(answer, issued.user(), issued.scope());
  }

  Answer keys() {
    return Answer.of(200).json(service.orElseThrow(TokenEndpoint::absent).jwks());
  }

  private static TokenRequest fromQuery(Exchange exchange) {
    Query query = Query.of(spaces(exchange.target()));
    return new TokenRequest(
        new TokenRequest.Proof.Header(
            exchange.access().authorization(), exchange.access().certificate()),
        query.first("service").orElse(""),
        scopes(query),
        query.first("offline_token").filter("true"::equals).isPresent());
  }

  private static TokenRequest fromForm(Exchange exchange) throws IOException {
    Query form = Query.of("?" + spaces(text(exchange.body())));
    TokenRequest.Proof proof =
        switch (form.first("grant_type").orElse("")) {
          case "password" ->
              new TokenRequest.Proof.Password(
                  form.first("username").orElse(""), form.first("password").orElse(""));
          case "refresh_token" ->
              new TokenRequest.Proof.Refresh(form.first("refresh_token").orElse(""));
          default ->
              throw RegistryFault.withStatus(
                  ErrorCode.UNSUPPORTED, 400, "grant_type must be password or refresh_token");
        };
    return new TokenRequest(
        proof,
        form.first("service").orElse(""),
        scopes(form),
        form.first("access_type").filter("offline"::equals).isPresent());
  }

  private static List<String> scopes(Query query) {
    return query.all("scope").stream()
        .flatMap(s -> Arrays.stream(s.split(" ")))
        .filter(s -> !s.isEmpty())
        .toList();
  }

  /** In forms, and in the queries that clients make like forms, a plus is a space. */
  private static String spaces(String form) {
    return form.replace("+", "%20");
  }

  private static String text(RequestBody body) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (ByteBuffer piece = body.next(); piece != null; piece = body.next()) {
      byte[] bytes = new byte[piece.remaining()];
      piece.get(bytes);
      text.write(bytes);
      if (text.size() > MAX_FORM) {
        throw RegistryFault.withStatus(ErrorCode.SIZE_INVALID, 413, "the form is too long");
      }
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private static RegistryFault absent() {
    return RegistryFault.withStatus(
        ErrorCode.UNSUPPORTED, 404, "this registry gives out no tokens");
  }
}
