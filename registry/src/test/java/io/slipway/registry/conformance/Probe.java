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

/** One case's conversation with a registry: counts what was checked and notes what was wrong. */
final class Probe {
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
    URI uri = target.root().resolve(address);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(PATIENCE).method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    target.authorization().ifPresent(value -> request.header("Authorization", value));
    try {
      HttpResponse<byte[]> answer =
          target.client().send(request.build(), BodyHandlers.ofByteArray());
      return new Reply(this, method + " " + address, answer);
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + uri + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during " + method + " " + uri, e);
    }
  }
}
