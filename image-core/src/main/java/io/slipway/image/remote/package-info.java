/**
 * The client side of the distribution protocol: ask, pull and push with any OCI or Docker registry.
 *
 * <p>{@link io.slipway.image.remote.RegistryConnections} is shared by a process; {@link
 * io.slipway.image.remote.Puller} and {@link io.slipway.image.remote.Pusher} move whole images
 * between a registry and the blob store; {@link io.slipway.image.remote.RegistryClient} speaks to
 * one repository for whoever needs less. {@link io.slipway.image.remote.CredentialSource} says who
 * we are, {@link io.slipway.image.remote.PullSink} takes layers as they arrive, {@link
 * io.slipway.image.remote.TransferListener} hears of progress. Called by the engine's image service
 * and the builder's frontend and exporters.
 *
 * <p>Below: one class per endpoint ({@code ManifestEndpoint}, {@code BlobEndpoint}, {@code
 * UploadEndpoint}, {@code TagsEndpoint}, {@code TokenEndpoint}); {@code RegistryTransport} adds
 * authorization and redirects to {@code HttpExchange}, which sends; {@code Backoff} decides about
 * another attempt; {@code BlobDownload} and {@code BlobUpload} go on where a connection broke.
 *
 * <p>Invariants: nothing received is believed before its digest and size are checked; memory does
 * not grow with the size of a layer; credentials go to the registry they are for and its token
 * server only; plain HTTP only for loopback and configured hosts; 4xx is never retried.
 */
package io.slipway.image.remote;
