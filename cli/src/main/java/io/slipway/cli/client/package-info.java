/**
 * The Engine API's client side: addresses, one HTTP/1.1 exchange over a unix or TCP socket,
 * hijacked streams, and JSON as values.
 *
 * <p>Built for a command that lives for a tenth of a second: a raw {@link
 * java.nio.channels.SocketChannel}, jackson-core's streaming parser, no thread of its own, no
 * Vert.x, no native library. Entry point: {@link io.slipway.cli.client.EngineClient}; used by
 * {@code cli.command}.
 *
 * <p>Follows the Docker Engine API: errors are {@code {"message": …}}, attached streams are framed
 * by 8-byte headers unless the container has a terminal.
 */
package io.slipway.cli.client;
