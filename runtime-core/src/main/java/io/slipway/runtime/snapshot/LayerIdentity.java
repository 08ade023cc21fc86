package io.slipway.runtime.snapshot;

import io.slipway.image.model.ChainId;
import io.slipway.image.model.Digest;

/**
 * What a committed snapshot is called in images.
 *
 * @param diffId digest of the layer's uncompressed tar
 * @param chainId identity of the layer together with everything below it
 * @param tarBytes size of that tar
 */
public record LayerIdentity(Digest diffId, ChainId chainId, long tarBytes) {}
