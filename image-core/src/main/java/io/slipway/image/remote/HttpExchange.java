package io.slipway.image.remote;

import io.slipway.image.error.RegistryException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Sends requests and tells lasting failures from those worth another attempt. No authorization. */
final class HttpExchange {
  private final HttpClient client;
  private final RegistrySettings settings;

  /**
   * A request that can be sent more than once: {@code body} makes a new publisher each time, and
   * {@code sent} tells how far it is, so that a slow upload is told from a dead one.
   */
  record Call(
      String method,
      URI uri,
      Map<String, String> headers,
      Supplier<BodyPublisher> body,
      LongSupplier sent) {
    Call {
      Objects.requireNonNull(method, "method");
      Objects.requireNonNull(uri, "uri");
      headers = Map.copyOf(headers);
      Objects.requireNonNull(body, "body");
      Objects.requireNonNull(sent, "sent");
    }

    Call(String method, URI uri, Map<String, String> headers, Supplier<BodyPublisher> body) {
      this(method, uri, headers, body, () -> 0);
    }

    static Call of(String method, URI uri, Map<String, String> headers) {
      return new Call(method, uri, headers, BodyPublishers::noBody);
    }

    Call withUri(URI newUri) {
      return new Call(method, newUri, headers, body, sent);
    }

    Call withHeader(String name, String value) {
      Map<String, String> more = new HashMap<>(headers);
      more.put(name, value);
      return new Call(method, uri, more, body, sent);
    }
  }

  HttpExchange(HttpClient client, RegistrySettings settings) {
    this.client = client;
    this.settings = settings;
  }

  RegistrySettings settings() {
    return settings;
  }

  /** Runs {@code attempt} again after transient failures, with the settings' backoff. */
  <T> T retrying(Backoff.Attempt<T> attempt) throws IOException {
    return Backoff.run(settings, attempt);
  }

  /**
   * Sends once; any status is an answer. A request that stands still, before its answer and without
   * sending, for the stall timeout counts as broken.
   */
  RegistryResponse once(Call call) throws TransientFailure {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(call.uri())
            .method(call.method(), call.body().get())
            .setHeader("User-Agent", settings.userAgent());
    call.headers().forEach(request::setHeader);
    CompletableFuture<HttpResponse<InputStream>> answer =
        client.sendAsync(request.build(), BodyHandlers.ofInputStream());
    try {
      return new RegistryResponse(await(answer, call));
    } catch (IOException e) {
      throw NetworkErrors.of(call.method(), call.uri(), e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw Backoff.cancelled(e);
    }
  }

  private HttpResponse<InputStream> await(
      CompletableFuture<HttpResponse<InputStream>> answer, Call call)
      throws IOException, InterruptedException {
    long sent = call.sent().getAsLong();
    while (true) {
      try {
        return answer.get(settings.stallTimeout().toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        long now = call.sent().getAsLong();
        if (now == sent) {
          answer.cancel(true);
          throw new HttpTimeoutException(
              "no answer for " + settings.stallTimeout().toSeconds() + " seconds");
        }
        sent = now;
      } catch (ExecutionException e) {
        throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
      }
    }
  }

  /**
   * What an answer other than 2xx means: throws {@link RegistryException} when it is final, else
   * returns a failure worth another attempt.
   */
  TransientFailure failure(RegistryResponse response) {
    RegistryException e = RegistryErrors.of(response);
    if (!RegistryErrors.isTransient(response.status())) {
      throw e;
    }
    return new TransientFailure(e, RegistryErrors.retryAfter(response));
  }

  /** Reads a body of at most {@code maxBytes}; one byte more shows that there were more. */
  byte[] read(RegistryResponse response, int maxBytes) throws TransientFailure {
    HttpRequest request = response.response().request();
    try (InputStream body = new StallGuard(response.body(), settings.stallTimeout())) {
      return body.readNBytes(maxBytes + 1);
    } catch (IOException e) {
      throw NetworkErrors.of(request.method(), request.uri(), e);
    }
  }
}
