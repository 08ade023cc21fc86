package io.slipway.registry.conformance;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.Optional;

/**
 * The registry that a suite asks.
 *
 * @param root scheme, host and port
 * @param authorization the Authorization header of every request
 */
record Target(URI root, HttpClient client, Optional<String> authorization) {

  /** A registry that lets anybody in. */
  static Target open(String hostAndPort) {
    return new Target(
        URI.create("http://" + hostAndPort),
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
        Optional.empty());
  }
}
