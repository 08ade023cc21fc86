package io.slipway.registry.http;

import io.slipway.image.model.Digest;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.UploadId;

/**
 * The addresses that answers point to: absolute paths without scheme and host, so that they hold
 * behind any proxy.
 */
final class Addresses {
  private static final String ROOT = "/v2/";

  private Addresses() {}

  static String blob(RepositoryName repository, Digest digest) {
    return ROOT + repository + "/blobs/" + digest;
  }

  static String manifest(RepositoryName repository, Digest digest) {
    return ROOT + repository + "/manifests/" + digest;
  }

  static String upload(RepositoryName repository, UploadId id) {
    return ROOT + repository + "/blobs/uploads/" + id;
  }

  static String tags(RepositoryName repository) {
    return ROOT + repository + "/tags/list";
  }

  static String catalog() {
    return ROOT + "_catalog";
  }

  static String referrers(RepositoryName repository, Digest subject) {
    return ROOT + repository + "/referrers/" + subject;
  }
}
