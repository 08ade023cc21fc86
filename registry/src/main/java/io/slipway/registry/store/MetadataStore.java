package io.slipway.registry.store;

/**
 * Everything the registry knows beside the bytes. Calls block and are safe from any thread; a
 * method that changes something returns once the change is durable (upload sessions and touches:
 * once it survives a killed process). Reads see every change whose call has returned. Failures of
 * the store itself are SlipwayException: NO_SPACE when the disk is full, else INTERNAL.
 */
public interface MetadataStore extends AutoCloseable {

  RepositoryIndex repositories();

  BlobIndex blobs();

  ManifestIndex manifests();

  TagIndex tags();

  UploadIndex uploads();

  UpkeepIndexes upkeep();

  @Override
  void close();
}
