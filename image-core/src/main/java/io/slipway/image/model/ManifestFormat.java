package io.slipway.image.model;

/** The two families of manifest media types; a manifest's parts come from one family. */
public enum ManifestFormat {
  OCI(
      MediaTypes.OCI_MANIFEST,
      MediaTypes.OCI_INDEX,
      MediaTypes.OCI_CONFIG,
      MediaTypes.OCI_LAYER,
      MediaTypes.OCI_LAYER_GZIP,
      MediaTypes.OCI_LAYER_ZSTD),
  DOCKER(
      MediaTypes.DOCKER_MANIFEST,
      MediaTypes.DOCKER_INDEX,
      MediaTypes.DOCKER_CONFIG,
      MediaTypes.DOCKER_LAYER,
      MediaTypes.DOCKER_LAYER_GZIP,
      MediaTypes.DOCKER_LAYER_ZSTD);

  private final String manifest;
  private final String index;
  private final String config;
  private final String layer;
  private final String layerGzip;
  private final String layerZstd;

  ManifestFormat(
      String manifest,
      String index,
      String config,
      String layer,
      String layerGzip,
      String layerZstd) {
    this.manifest = manifest;
    this.index = index;
    this.config = config;
    this.layer = layer;
    this.layerGzip = layerGzip;
    this.layerZstd = layerZstd;
  }

  public String manifestType() {
    return manifest;
  }

  public String indexType() {
    return index;
  }

  public String configType() {
    return config;
  }

  public String layerType(Compression compression) {
    return switch (compression) {
      case NONE -> layer;
      case GZIP -> layerGzip;
      case ZSTD -> layerZstd;
    };
  }
}
