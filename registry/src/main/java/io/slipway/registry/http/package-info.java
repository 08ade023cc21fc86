/**
 * The registry's HTTP face (OCI distribution-spec 1.1, its later additions, and what docker needs):
 * {@code RegistryServer} is opened by {@code cli} from a {@link
 * io.slipway.registry.config.RegistrySettings} and owns everything it opens.
 *
 * <p>A request is matched ({@code RouteMatcher}), authorized, and answered: from memory on the
 * event loop when everything needed is cached, else by straight-line code on a virtual thread,
 * which returns an {@code Answer} for the event loop to write. Request bodies flow to that thread
 * through a bounded queue.
 *
 * <p>Invariants: event loops never touch a file or the metadata; every error is JSON with a code;
 * no address in an answer depends on the Host header.
 */
package io.slipway.registry.http;
