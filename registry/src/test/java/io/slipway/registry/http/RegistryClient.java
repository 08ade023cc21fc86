package io.slipway.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipway.image.model.Digest;
import io.slipway.image.model.MediaTypes;
import io.slipway.registry.config.ListenAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** A client of a server that may come and go. */
abstract class RegistryClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Where the server listens now. */
  abstract ListenAddress address();

  /** Sends a request; {@code headers} are names and values in turn. */
  HttpResponse<byte[]> send(String method, String target, BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + address() + target)).method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + target, e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<byte[]> send(String method, String target, byte[] body, String... headers) {
    return send(method, target, BodyPublishers.ofByteArray(body), headers);
  }

  HttpResponse<byte[]> send(String method, String target) {
    return send(method, target, BodyPublishers.noBody());
  }

  HttpResponse<byte[]> get(String target, String... headers) {
    return send("GET", target, BodyPublishers.noBody(), headers);
  }

  HttpResponse<byte[]> head(String target, String... headers) {
    return send("HEAD", target, BodyPublishers.noBody(), headers);
  }

  HttpResponse<byte[]> delete(String target) {
    return send("DELETE", target);
  }

  /** Opens a session and returns its address. */
  String startUpload(String repository) {
    HttpResponse<byte[]> started = send("POST", "/v2/" + repository + "/blobs/uploads/");
    assertThat(started.statusCode()).isEqualTo(202);
    return header(started, "Location");
  }

  /** Pushes in one request; 201 or fail. */
  Digest pushBlob(String repository, byte[] content) {
    Digest digest = Digest.of(content);
    HttpResponse<byte[]> pushed =
        send("POST", "/v2/" + repository + "/blobs/uploads/?digest=" + digest, content);
    assertThat(pushed.statusCode()).isEqualTo(201);
    return digest;
  }

  /** Pushes config, layer and manifest; 201 or fail. */
  Digest pushImage(String repository, String reference, String text) {
    byte[] manifest = imageManifest(repository, text, "");
    HttpResponse<byte[]> pushed = putManifest(repository, reference, manifest);
    assertThat(pushed.statusCode()).as(text(pushed)).isEqualTo(201);
    return Digest.of(manifest);
  }

  /** Pushes config and layer, and returns a manifest that names them. */
  byte[] imageManifest(String repository, String text, String extraFields) {
    byte[] config =
        ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"t\":\"" + text + "\"}").getBytes();
    byte[] layer = ("layer " + text).getBytes(StandardCharsets.UTF_8);
    return """
    {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]%s}\
    """
        .formatted(
            MediaTypes.OCI_MANIFEST,
            descriptor(MediaTypes.OCI_CONFIG, pushBlob(repository, config), config.length),
            descriptor(MediaTypes.OCI_LAYER, pushBlob(repository, layer), layer.length),
            extraFields)
        .getBytes(StandardCharsets.UTF_8);
  }

  static String descriptor(String mediaType, Digest digest, long size) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(mediaType, digest, size);
  }

  HttpResponse<byte[]> putManifest(
      String repository, String reference, byte[] manifest, String... headers) {
    return putManifest(repository, reference, MediaTypes.OCI_MANIFEST, manifest, headers);
  }

  HttpResponse<byte[]> putManifest(
      String repository, String reference, String type, byte[] manifest, String... headers) {
    String[] all = new String[headers.length + 2];
    all[0] = "Content-Type";
    all[1] = type;
    System.arraycopy(headers, 0, all, 2, headers.length);
    return send("PUT", "/v2/" + repository + "/manifests/" + reference, manifest, all);
  }

  /** The header, or null. */
  static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  static JsonNode json(HttpResponse<byte[]> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(text(response), e);
    }
  }

  /** Checks that the answer is an error of the protocol. */
  static void assertError(HttpResponse<byte[]> response, int status, String code) {
    assertThat(response.statusCode()).as(text(response)).isEqualTo(status);
    assertThat(header(response, "Content-Type")).isEqualTo("application/json");
    JsonNode error = json(response).at("/errors/0");
    assertThat(error.at("/code").asText()).isEqualTo(code);
    assertThat(error.at("/message").asText()).isNotEmpty();
  }

  @Override
  public void close() {
    client.close();
  }
}
