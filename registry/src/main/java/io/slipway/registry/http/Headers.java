package io.slipway.registry.http;

import io.vertx.core.http.HttpHeaders;

/** Header names and values of the protocol, encoded once. */
final class Headers {
  static final CharSequence ACCEPT = HttpHeaders.createOptimized("accept");
  static final CharSequence ACCEPT_RANGES = HttpHeaders.createOptimized("Accept-Ranges");
  static final CharSequence ALLOW = HttpHeaders.createOptimized("Allow");
  static final CharSequence AUTHORIZATION = HttpHeaders.createOptimized("authorization");
  static final CharSequence CACHE_CONTROL = HttpHeaders.createOptimized("Cache-Control");
  static final CharSequence CONNECTION = HttpHeaders.createOptimized("Connection");
  static final CharSequence CONTENT_LENGTH = HttpHeaders.createOptimized("Content-Length");
  static final CharSequence CONTENT_RANGE = HttpHeaders.createOptimized("Content-Range");
  static final CharSequence CONTENT_TYPE = HttpHeaders.createOptimized("Content-Type");
  static final CharSequence CONTENT_DIGEST = HttpHeaders.createOptimized("Docker-Content-Digest");
  static final CharSequence ETAG = HttpHeaders.createOptimized("Etag");
  static final CharSequence EXPECT = HttpHeaders.createOptimized("expect");
  static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("x-forwarded-for");
  static final CharSequence FORWARDED_HOST = HttpHeaders.createOptimized("x-forwarded-host");
  static final CharSequence FORWARDED_PROTO = HttpHeaders.createOptimized("x-forwarded-proto");
  static final CharSequence IF_MATCH = HttpHeaders.createOptimized("if-match");
  static final CharSequence IF_NONE_MATCH = HttpHeaders.createOptimized("if-none-match");
  static final CharSequence IF_RANGE = HttpHeaders.createOptimized("if-range");
  static final CharSequence LINK = HttpHeaders.createOptimized("Link");
  static final CharSequence LOCATION = HttpHeaders.createOptimized("Location");
  static final CharSequence RANGE = HttpHeaders.createOptimized("Range");
  static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("Retry-After");
  static final CharSequence UPLOAD_UUID = HttpHeaders.createOptimized("Docker-Upload-UUID");
  static final CharSequence API_VERSION =
      HttpHeaders.createOptimized("Docker-Distribution-Api-Version");
  static final CharSequence FILTERS_APPLIED = HttpHeaders.createOptimized("OCI-Filters-Applied");
  static final CharSequence OCI_NAMESPACE = HttpHeaders.createOptimized("OCI-Namespace");
  static final CharSequence OCI_SUBJECT = HttpHeaders.createOptimized("OCI-Subject");
  static final CharSequence OCI_TAG = HttpHeaders.createOptimized("OCI-Tag");
  static final CharSequence WWW_AUTHENTICATE = HttpHeaders.createOptimized("WWW-Authenticate");

  static final CharSequence BYTES = HttpHeaders.createOptimized("bytes");
  static final CharSequence CLOSE = HttpHeaders.createOptimized("close");
  static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  static final CharSequence OCTET_STREAM = HttpHeaders.createOptimized("application/octet-stream");
  static final CharSequence ONE_YEAR = HttpHeaders.createOptimized("max-age=31536000");
  static final CharSequence REGISTRY_2 = HttpHeaders.createOptimized("registry/2.0");

  private Headers() {}
}
