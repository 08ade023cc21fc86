package io.slipway.image.remote;

import io.slipway.image.error.DigestMismatchException;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.Manifest;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.name.Repository;
import io.slipway.image.remote.HttpExchange.Call;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.Optional;

/** {@code /v2/<name>/manifests/<reference>} (end-3, end-7, end-9). */
final class ManifestEndpoint {
  private final RegistryTransport transport;
  private final Repository repository;
  private final RegistryScope scope;

  ManifestEndpoint(RegistryTransport transport, Repository repository, RegistryScope scope) {
    this.transport = transport;
    this.repository = repository;
    this.scope = scope;
  }

  private URI url(String reference) {
    return transport.address().url(repository.path() + "/manifests/" + reference);
  }

  private static Map<String, String> accept() {
    return Map.of("Accept", String.join(", ", MediaTypes.MANIFESTS));
  }

  /**
   * HEAD: what a tag names, or empty when the registry will not say this way (absent, no digest
   * header, not allowed); GET has the reason then.
   */
  Optional<Descriptor> head(String reference) throws IOException {
    URI url = url(reference);
    try (RegistryResponse response = transport.send("HEAD", url, accept(), scope)) {
      Optional<Digest> digest = response.header("Docker-Content-Digest").flatMap(Digest::tryParse);
      long size = response.response().headers().firstValueAsLong("Content-Length").orElse(-1);
      String type = contentType(response);
      if (!response.isSuccess() || digest.isEmpty() || size < 0 || !MediaTypes.isManifest(type)) {
        return Optional.empty();
      }
      return Optional.of(new Descriptor(type, digest.get(), size));
    } catch (SlipwayException e) {
      throw e.kind() == ErrorKind.UNAUTHORIZED
          ? new SlipwayException(e.kind(), "Head \"" + url + "\": " + e.getMessage(), e)
          : e;
    }
  }

  /** GET: the manifest, checked against the digest when the reference is one. */
  Manifest get(String reference) throws IOException {
    RegistryTransport.Fetched fetched =
        transport.fetch(url(reference), accept(), scope, Manifest.MAX_BYTES);
    if (fetched.body().length > Manifest.MAX_BYTES) {
      throw SlipwayException.invalid(
          "manifest "
              + reference
              + " of "
              + repository
              + " is larger than the limit of "
              + Manifest.MAX_BYTES
              + " bytes");
    }
    Bytes bytes = Bytes.copyOf(fetched.body());
    RegistryResponse response = fetched.response();
    check(bytes, Digest.tryParse(reference), reference);
    check(bytes, response.header("Docker-Content-Digest").flatMap(Digest::tryParse), reference);
    return Manifest.parse(bytes, contentType(response));
  }

  private void check(Bytes bytes, Optional<Digest> expected, String reference) {
    if (expected.isEmpty()) {
      return;
    }
    Digest actual = bytes.digest(expected.get().algorithm());
    if (!actual.equals(expected.get())) {
      throw new DigestMismatchException(
          "manifest " + reference + " of " + repository,
          expected.get().toString(),
          actual.toString());
    }
  }

  private static String contentType(RegistryResponse response) {
    return response.header("Content-Type").map(MediaTypes::withoutParameters).orElse("");
  }

  /** PUT under a tag or its digest; the registry must have stored the same bytes. */
  void put(String reference, Manifest manifest) throws IOException {
    byte[] content = manifest.bytes().toArray();
    Call call =
        new Call(
            "PUT",
            url(reference),
            Map.of("Content-Type", manifest.descriptor().mediaType()),
            () -> BodyPublishers.ofByteArray(content));
    try (RegistryResponse response = transport.send(call, scope)) {
      if (!response.isSuccess()) {
        throw transport.failure(response).shown();
      }
      check(
          manifest.bytes(),
          response.header("Docker-Content-Digest").flatMap(Digest::tryParse),
          reference);
    }
  }

  /** DELETE by tag or digest; false when it was absent. */
  boolean delete(String reference) throws IOException {
    try (RegistryResponse response = transport.send("DELETE", url(reference), Map.of(), scope)) {
      if (response.status() == 404) {
        return false;
      }
      if (!response.isSuccess()) {
        throw transport.failure(response).shown();
      }
      return true;
    }
  }
}
