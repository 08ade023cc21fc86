package io.slipway.image.remote;

import io.slipway.image.error.DigestMismatchException;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.name.Repository;
import io.slipway.image.remote.HttpExchange.Call;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.OptionalLong;

/** {@code /v2/<name>/blobs/<digest>} (end-2). */
final class BlobEndpoint {
  private final RegistryTransport transport;
  private final Repository repository;
  private final RegistryScope scope;

  BlobEndpoint(RegistryTransport transport, Repository repository, RegistryScope scope) {
    this.transport = transport;
    this.repository = repository;
    this.scope = scope;
  }

  RegistryTransport transport() {
    return transport;
  }

  private URI url(Digest digest) {
    return transport.address().url(repository.path() + "/blobs/" + digest);
  }

  /** HEAD: the size (-1 when the registry does not say), or empty when absent. */
  OptionalLong head(Digest digest) throws IOException {
    try (RegistryResponse response = transport.send("HEAD", url(digest), Map.of(), scope)) {
      if (response.isSuccess()) {
        return OptionalLong.of(
            response.response().headers().firstValueAsLong("Content-Length").orElse(-1));
      }
      if (response.status() == 404) {
        return OptionalLong.empty();
      }
      throw transport.failure(response).shown();
    }
  }

  /** GET of a blob that is short, checked. */
  Bytes read(Descriptor blob, int maxBytes) throws IOException {
    URI url = url(blob.digest());
    Bytes bytes = Bytes.copyOf(transport.fetch(url, Map.of(), scope, maxBytes).body());
    if (bytes.size() > maxBytes) {
      throw SlipwayException.invalid(
          "blob " + blob.digest() + " of " + repository + " is larger than " + maxBytes + " bytes");
    }
    Digest actual = bytes.digest(blob.digest().algorithm());
    if (!actual.equals(blob.digest())) {
      throw new DigestMismatchException(
          "blob of " + repository, blob.digest().toString(), actual.toString());
    }
    return bytes;
  }

  /** GET from {@code offset} on, once; the caller looks at the status and closes. */
  RegistryResponse get(Digest digest, long offset) throws IOException, TransientFailure {
    Map<String, String> headers = offset == 0 ? Map.of() : Map.of("Range", "bytes=" + offset + "-");
    return transport.once(Call.of("GET", url(digest), headers), scope);
  }
}
