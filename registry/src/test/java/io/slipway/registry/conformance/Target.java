package io.slipway.registry.conformance;

import java.net.URI;
import java.net.http.HttpClient;

/**
 * The registry that a suite asks.
 *
 * @param root scheme, host and port
 * @param access how a client proves who it is
 */
record Target(URI root, HttpClient client, ClientAccess access) {

  /** A registry that lets anybody in. */
  static Target open(String hostAndPort) {
    return new Target(
        URI.create("http://" + hostAndPort),
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
        new ClientAccess.Anonymous());
  }

  /** The same registry for a client that knows a password. */
  Target with(ClientAccess other) {
    return new Target(root, client, other);
  }
}
