package io.slipway.runtime.layer;

/**
 * What an archive held.
 *
 * @param entries number of entries, whiteouts included
 * @param bytes size of all files
 */
public record AppliedLayer(long entries, long bytes) {}
