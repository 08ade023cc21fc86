package io.slipway.image.model;

/** How the bytes of a layer blob are compressed. */
public enum Compression {
  NONE,
  GZIP,
  ZSTD;

  /** What a layer's media type says; the bytes themselves have the last word when reading. */
  public static Compression ofMediaType(String mediaType) {
    if (mediaType.endsWith("gzip")) {
      return GZIP;
    }
    return mediaType.endsWith("zstd") ? ZSTD : NONE;
  }
}
