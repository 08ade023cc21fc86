package io.slipway.image.remote;

import io.slipway.image.model.Digest;
import io.slipway.image.name.Repository;
import io.slipway.image.remote.HttpExchange.Call;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /v2/<name>/blobs/uploads/} and the sessions it opens (end-4, 5, 6, 11, 13, 14). */
final class UploadEndpoint {
  private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-(\\d{1,18})");
  private static final String OCTETS = "application/octet-stream";
  private static final int CREATED = 201;

  private final RegistryTransport transport;
  private final Repository repository;
  private final RegistryScope scope;

  UploadEndpoint(RegistryTransport transport, Repository repository, RegistryScope scope) {
    this.transport = transport;
    this.repository = repository;
    this.scope = scope;
  }

  RegistryTransport transport() {
    return transport;
  }

  private URI url(String query) {
    return transport.address().url(repository.path() + "/blobs/uploads/" + query);
  }

  /** POST: opens a session; where to send to. */
  URI start() throws IOException {
    try (RegistryResponse response = transport.send("POST", url(""), Map.of(), scope)) {
      if (!response.isSuccess()) {
        throw transport.failure(response).shown();
      }
      return transport.location(response);
    }
  }

  /** What a mount came to: done, or a session that was opened instead, or neither. */
  record Mount(boolean done, Optional<URI> session) {}

  /** POST with mount: asks the registry to take the blob from {@code source}. */
  Mount mount(Digest digest, Repository source) throws IOException {
    String query = "?mount=" + encode(digest.toString()) + "&from=" + encode(source.path());
    try (RegistryResponse response =
        transport.send("POST", url(query), Map.of(), scope.withPull(source))) {
      if (!response.isSuccess()) {
        // not allowed to read the source, most likely; the blob can still be sent
        return new Mount(false, Optional.empty());
      }
      return response.status() == CREATED
          ? new Mount(true, Optional.empty())
          : new Mount(false, Optional.of(transport.location(response)));
    }
  }

  /** What to send: a publisher for each attempt, its length, and how far it is. */
  record Content(Supplier<BodyPublisher> body, long length, LongSupplier sent) {
    static final Content NONE = new Content(BodyPublishers::noBody, 0, () -> 0);
  }

  /** PATCH, once: sends bytes from {@code offset} on; where to send next. */
  URI patch(URI session, long offset, Content content) throws IOException, TransientFailure {
    Map<String, String> headers = new HashMap<>(Map.of("Content-Type", OCTETS));
    if (offset > 0) {
      headers.put("Content-Range", offset + "-" + (offset + content.length() - 1));
    }
    try (RegistryResponse response =
        transport.once(
            new Call("PATCH", session, headers, content.body(), content.sent()), scope)) {
      if (!response.isSuccess()) {
        throw transport.failure(response);
      }
      return transport.location(response);
    }
  }

  /** PUT, once: closes the session, with the whole blob as body or none after a PATCH. */
  void finish(URI session, Digest digest, Content content) throws IOException, TransientFailure {
    String separator = session.getRawQuery() == null ? "?" : "&";
    URI target = URI.create(session + separator + "digest=" + encode(digest.toString()));
    Call call =
        new Call("PUT", target, Map.of("Content-Type", OCTETS), content.body(), content.sent());
    try (RegistryResponse response = transport.once(call, scope)) {
      if (!response.isSuccess()) {
        throw transport.failure(response);
      }
    }
  }

  /** What a session has received, and where to send on. */
  record Status(URI session, long offset) {}

  /** GET of a session: empty when the registry does not know it (any more). */
  Optional<Status> status(URI session) throws IOException {
    try (RegistryResponse response = transport.send("GET", session, Map.of(), scope)) {
      if (!response.isSuccess()) {
        return Optional.empty();
      }
      OptionalLong offset = offset(response.header("Range").orElse(""));
      URI next = response.header("Location").isPresent() ? transport.location(response) : session;
      return offset.isEmpty()
          ? Optional.empty()
          : Optional.of(new Status(next, offset.getAsLong()));
    }
  }

  /** {@code 0-0} is what docker-compatible registries say of an empty session. */
  private static OptionalLong offset(String range) {
    Matcher matcher = RANGE.matcher(range.strip());
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    long last = Long.parseLong(matcher.group(1));
    return OptionalLong.of(last == 0 ? 0 : last + 1);
  }

  /** DELETE of a session that is given up. */
  void cancel(URI session) throws IOException {
    transport.send("DELETE", session, Map.of(), scope).close();
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
