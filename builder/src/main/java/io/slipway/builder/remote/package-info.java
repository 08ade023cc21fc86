/**
 * What builds fetch from elsewhere besides images: files by HTTP and checkouts of git repositories.
 *
 * <p>Main types: {@link io.slipway.builder.remote.GitRemote} (what a git URL of a Dockerfile or a
 * command line means), {@link io.slipway.builder.remote.GitCheckouts} (through the {@code git}
 * program), {@link io.slipway.builder.remote.HttpDownloads} (conditional requests, kept files).
 * Called by {@code builder.context} for contexts and by {@code builder.op} for ADD. Invariants:
 * nothing is fetched that is known to be unchanged; secrets are handed over in memory, never in
 * arguments, file names or messages.
 */
package io.slipway.builder.remote;
