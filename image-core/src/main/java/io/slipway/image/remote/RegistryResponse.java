package io.slipway.image.remote;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** An answer whose body has not been read. */
record RegistryResponse(HttpResponse<InputStream> response) implements AutoCloseable {
  /** More than any error or token answer needs. */
  private static final int MAX_SMALL_BODY = 1 << 20;

  int status() {
    return response.statusCode();
  }

  boolean isSuccess() {
    return status() / 100 == 2;
  }

  URI uri() {
    return response.uri();
  }

  Optional<String> header(String name) {
    return response.headers().firstValue(name);
  }

  List<String> headers(String name) {
    return response.headers().allValues(name);
  }

  /** Whether the request that this answers said who we are. */
  boolean hadAuthorization() {
    return response.request().headers().firstValue("Authorization").isPresent();
  }

  InputStream body() {
    return response.body();
  }

  /** The body of an error when it is short, else its beginning; empty when it cannot be read. */
  String errorBody() {
    try {
      return new String(body().readNBytes(MAX_SMALL_BODY), StandardCharsets.UTF_8);
    } catch (IOException e) {
      // the status alone must do
      return "";
    }
  }

  /** Reads a short rest, so that the connection can be used again, then closes. */
  @Override
  public void close() {
    try (InputStream rest = body()) {
      if (!isSuccess() || header("Content-Length").filter("0"::equals).isPresent()) {
        rest.readNBytes(MAX_SMALL_BODY);
      }
    } catch (IOException e) {
      // what is left unread is of no interest, and a broken connection is closed
      return;
    }
  }
}
