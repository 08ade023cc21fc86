package io.slipway.cli.command;

import io.slipway.registry.auth.HtpasswdFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * {@code slipway registry user}: the users of a password file. A running registry takes notice
 * within seconds.
 */
final class RegistryUserCommands {
  private RegistryUserCommands() {}

  private static Path file(Invocation call) {
    if (!call.text("--htpasswd").isEmpty()) {
      return Path.of(call.text("--htpasswd")).toAbsolutePath();
    }
    return RegistryFlags.read(call)
        .auth()
        .htpasswd()
        .orElseThrow(() ->
            new UsageException(
                "%s: give the file of users with --htpasswd FILE, or --config with auth.htpasswd in it"
                    .formatted(call.name())));
  }

  /** Adds a user, or changes its password. */
  static final class Add extends RegistryFileCommand {
    Add() {
      super("[OPTIONS] USER");
    }

    @Override
    void describe(Options options) {
      options.flag("Take the password from stdin", "--password-stdin");
    }

    @Override
    void act(Invocation call) throws IOException {
      String user = call.arguments(1).getFirst();
      Path file = file(call);
      boolean fresh = HtpasswdFile.put(file, user, password(call));
      call.console().out().println((fresh ? "added " : "changed ") + user + " in " + file);
    }

    private static String password(Invocation call) throws IOException {
      if (call.flag("--password-stdin")) {
        byte[] typed = call.console().in().readAllBytes();
        return new String(typed, StandardCharsets.UTF_8).replaceFirst("\\r?\\n$", "");
      }
      java.io.Console terminal = System.console();
      if (terminal == null || !call.console().terminalIn()) {
        throw new UsageException("no terminal to ask for the password: give --password-stdin");
      }
      String password = new String(terminal.readPassword("Password: "));
      if (!password.equals(new String(terminal.readPassword("Again: ")))) {
        throw new UsageException("the passwords differ");
      }
      return password;
    }
  }

  /** Prints the users, one a line. */
  static final class Users extends RegistryFileCommand {
    Users() {
      super("[OPTIONS]");
    }

    @Override
    void act(Invocation call) {
      call.arguments(0);
      HtpasswdFile.read(file(call)).users().forEach(call.console().out()::println);
    }
  }

  /** Takes users out. */
  static final class Remove extends RegistryFileCommand {
    Remove() {
      super("[OPTIONS] USER");
    }

    @Override
    void act(Invocation call) {
      String user = call.arguments(1).getFirst();
      Path file = file(call);
      if (!HtpasswdFile.remove(file, user)) {
        throw new CommandFailure(1, "slipway registry: no user " + user + " in " + file);
      }
      call.console().out().println("removed " + user + " from " + file);
    }
  }
}
