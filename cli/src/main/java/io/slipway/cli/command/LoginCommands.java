package io.slipway.cli.command;

import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway login} and {@code slipway logout}. */
final class LoginCommands {
  private static final String DOCKER_HUB = "https://index.docker.io/v1/";

  private LoginCommands() {}

  private static String server(Invocation call) {
    List<String> words = call.arguments();
    if (words.size() > 1) {
      throw new UsageException("\"slipway %s\" requires at most 1 argument".formatted(call.name()));
    }
    return words.isEmpty() ? DOCKER_HUB : words.getFirst();
  }

  /** {@code slipway login}. */
  static final class Login implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .text("Password or Personal Access Token (PAT)", "string", "-p", "--password")
          .flag("Take the password from stdin", "--password-stdin")
          .text("Username", "string", "-u", "--username")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] [SERVER]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      String server = server(call);
      String user = call.text("--username");
      String password = call.text("--password");
      if (call.flag("--password-stdin")) {
        if (user.isEmpty()) {
          throw new UsageException("the --password-stdin option requires --username to be set");
        }
        byte[] typed = call.console().in().readAllBytes();
        password = new String(typed, StandardCharsets.UTF_8).replaceFirst("\\r?\\n$", "");
      }
      if (user.isEmpty() || password.isEmpty()) {
        java.io.Console terminal = System.console();
        if (terminal == null || !call.console().terminalIn()) {
          throw new UsageException(
              "cannot perform an interactive login from a non TTY device:"
                  + " give --username and --password-stdin");
        }
        user = user.isEmpty() ? terminal.readLine("Username: ") : user;
        password = password.isEmpty() ? new String(terminal.readPassword("Password: ")) : password;
      }
      try (EngineResponse answer =
          call.client().post(Query.of("/auth"), DockerConfig.login(user, password, server))) {
        String status = answer.json().text("Status");
        DockerConfig.load().store(server, user, password);
        call.console().out().println(status);
      }
      return 0;
    }
  }

  /** {@code slipway logout}. */
  static final class Logout implements Command {
    @Override
    public String arguments() {
      return "[SERVER]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      String server = server(call);
      boolean known = DockerConfig.load().erase(server);
      call.console()
          .out()
          .println(
              known ? "Removing login credentials for " + server : "Not logged in to " + server);
      return 0;
    }
  }
}
