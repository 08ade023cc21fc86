/**
 * The {@code slipway} command: one class per command, one table that names them all ({@link
 * io.slipway.cli.command.CommandTable}), and {@link io.slipway.cli.command.Main}, which finds the
 * command, parses its options and maps failures to exit codes.
 *
 * <p>Only the chosen command's options are built, because start-up time is most of what a short
 * command costs. Flags, words, columns and exit codes are docker's. Commands speak to a daemon
 * through {@code cli.client}; nothing here loads native code or a server.
 */
package io.slipway.cli.command;
