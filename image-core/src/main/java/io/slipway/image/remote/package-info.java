/**
 * The client side of the distribution protocol: ask, pull and push with any OCI or Docker registry.
 *
 * <p>{@link io.slipway.image.remote.CredentialSource} says who we are; {@link
 * io.slipway.image.remote.PullSink} takes layers as they arrive; {@link
 * io.slipway.image.remote.TransferListener} hears of progress. Called by the engine's image service
 * and the builder's frontend and exporters.
 *
 * <p>Invariants: nothing received is believed before its digest and size are checked; memory does
 * not grow with the size of a layer; credentials never go to another host than the one they are
 * for, or its token server; plain HTTP only for loopback and configured hosts.
 */
package io.slipway.image.remote;
