/**
 * How people name images: {@link io.slipway.image.name.Reference}, a repository with a tag and/or a
 * digest, in Docker's normal form ({@code busybox} is {@code docker.io/library/busybox}).
 *
 * <p>Used wherever a name enters Slipway (command line, API, Dockerfile) and as the key of the
 * image catalog. Error texts are those of Docker's reference parser.
 */
package io.slipway.image.name;
