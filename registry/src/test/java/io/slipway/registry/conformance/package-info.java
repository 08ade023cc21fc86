/**
 * What the distribution-spec promises of any registry, as tables and cases over plain HTTP: the 14
 * endpoints with both digest algorithms, every kind of manifest, ranges, conditions and error
 * codes. {@code Suite} knows nothing of the server it asks, so the same run scores ours and a peer.
 */
package io.slipway.registry.conformance;
