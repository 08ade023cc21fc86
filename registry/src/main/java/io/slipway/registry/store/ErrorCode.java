package io.slipway.registry.store;

import io.slipway.image.error.ErrorKind;

/**
 * The error codes clients see (distribution-spec "Error Codes" and the few distribution adds), with
 * the HTTP status each is answered with unless the fault says otherwise. One table for the server.
 */
public enum ErrorCode {
  BLOB_UNKNOWN(404, ErrorKind.NOT_FOUND),
  BLOB_UPLOAD_INVALID(400, ErrorKind.INVALID),
  BLOB_UPLOAD_UNKNOWN(404, ErrorKind.NOT_FOUND),
  DENIED(403, ErrorKind.FORBIDDEN),
  DIGEST_INVALID(400, ErrorKind.INVALID),
  MANIFEST_BLOB_UNKNOWN(400, ErrorKind.INVALID),
  MANIFEST_INVALID(400, ErrorKind.INVALID),
  MANIFEST_UNKNOWN(404, ErrorKind.NOT_FOUND),
  NAME_INVALID(400, ErrorKind.INVALID),
  NAME_UNKNOWN(404, ErrorKind.NOT_FOUND),
  PAGINATION_NUMBER_INVALID(400, ErrorKind.INVALID),
  RANGE_INVALID(416, ErrorKind.INVALID),
  SIZE_INVALID(400, ErrorKind.INVALID),
  TAG_INVALID(400, ErrorKind.INVALID),
  TOOMANYREQUESTS(429, ErrorKind.UNAVAILABLE),
  UNAUTHORIZED(401, ErrorKind.UNAUTHORIZED),
  UNAVAILABLE(503, ErrorKind.UNAVAILABLE),
  UNKNOWN(500, ErrorKind.INTERNAL),
  UNSUPPORTED(405, ErrorKind.UNSUPPORTED);

  private final int status;
  private final ErrorKind kind;

  ErrorCode(int status, ErrorKind kind) {
    this.status = status;
    this.kind = kind;
  }

  /** The HTTP status this code is usually answered with. */
  public int status() {
    return status;
  }

  public ErrorKind kind() {
    return kind;
  }
}
