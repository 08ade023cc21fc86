/**
 * The daemon's side of the command: where an own daemon lives ({@link
 * io.slipway.cli.daemon.DaemonPaths}), how a command starts one in the background ({@link
 * io.slipway.cli.daemon.BackgroundDaemon}), and the hand-written wiring of the servers.
 *
 * <p>Called by {@code cli.command}. The wiring constructs every object of a server on one page;
 * what a short command uses of this package loads none of it.
 */
package io.slipway.cli.daemon;
