package io.slipway.registry.store;

/** An open session and how many bytes it has received. */
public record UploadStatus(UploadId id, long offset) {}
