package io.slipway.registry.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One case's conversation with a registry: counts what was checked and notes what was wrong. */
final class Probe {
  private static final int UNAUTHORIZED = 401;
  private static final Pattern FROM = Pattern.compile("[?&]from=([a-z0-9/_.-]+)");
  private static final Pattern WITHIN_REPOSITORY =
      Pattern.compile("/(blobs|manifests|tags|referrers)/.*");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Target target;
  private final List<String> failures = new ArrayList<>();
  private int checks;

  Probe(Target target) {
    this.target = target;
  }

  int checks() {
    return checks;
  }

  List<String> failures() {
    return failures;
  }

  void check(boolean holds, String otherwise) {
    checks++;
    if (!holds) {
      failures.add(otherwise);
    }
  }

  Reply get(String address, String... headers) {
    return send("GET", address, BodyPublishers.noBody(), headers);
  }

  Reply head(String address, String... headers) {
    return send("HEAD", address, BodyPublishers.noBody(), headers);
  }

  Reply send(String method, String address, byte[] body, String... headers) {
    return send(method, address, BodyPublishers.ofByteArray(body), headers);
  }

  Reply send(String method, String address) {
    return send(method, address, BodyPublishers.noBody());
  }

  /** {@code address} is a path or a Location; {@code headers} are names and values in turn. */
  Reply send(String method, String address, BodyPublisher body, String... headers) {
    ClientAccess.Wish wish = wish(method, address);
    HttpResponse<byte[]> answer = ask(method, address, body, target.access().first(wish), headers);
    if (answer.statusCode() == UNAUTHORIZED) {
      Optional<String> another =
          target
              .access()
              .afterChallenge(
                  answer.headers().firstValue("WWW-Authenticate").orElse(""),
                  wish,
                  (where, known) -> ask("GET", where, BodyPublishers.noBody(), Optional.of(known)));
      if (another.isPresent()) {
        answer = ask(method, address, body, another, headers);
      }
    }
    return new Reply(this, method + " " + address, answer);
  }

  private static ClientAccess.Wish wish(String method, String address) {
    Matcher from = FROM.matcher(address);
    return new ClientAccess.Wish(
        method + " " + WITHIN_REPOSITORY.matcher(address).replaceFirst(""),
        from.find() ? Optional.of(from.group(1)) : Optional.empty());
  }

  private HttpResponse<byte[]> ask(
      String method,
      String address,
      BodyPublisher body,
      Optional<String> authorization,
      String... headers) {
    URI uri = target.root().resolve(address);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(PATIENCE).method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    authorization.ifPresent(value -> request.header("Authorization", value));
    try {
      return target.client().send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + uri + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during " + method + " " + uri, e);
    }
  }
}
