package io.slipway.builder.remote;

import io.slipway.builder.session.CallerSecrets;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs the host's {@code git}, without a terminal, without the configuration of the daemon's user,
 * and with what the caller lends: a token or header for HTTP, an agent for SSH.
 */
final class GitProgram {
  private static final String TOKEN = "GIT_AUTH_TOKEN";
  private static final String HEADER = "GIT_AUTH_HEADER";
  private static final int MAX_MESSAGE = 2000;

  private final Path folder;
  private final Map<String, String> environment = new TreeMap<>();

  /**
   * @param folder of known hosts
   * @param ssh the program that connects to hosts
   * @param remote that is asked, whose secrets are used
   */
  GitProgram(Path folder, String ssh, GitRemote remote, CallerSecrets secrets) {
    this.folder = folder;
    environment.put("GIT_TERMINAL_PROMPT", "0");
    environment.put("GIT_CONFIG_NOSYSTEM", "1");
    environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
    environment.put("HOME", "/nonexistent");
    environment.put("LC_ALL", "C");
    // A server that stands still for two minutes is given up.
    environment.put("GIT_HTTP_LOW_SPEED_LIMIT", "1");
    environment.put("GIT_HTTP_LOW_SPEED_TIME", "120");
    environment.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    environment.put(
        "GIT_SSH_COMMAND",
        ssh
            + " -F /dev/null -o BatchMode=yes -o StrictHostKeyChecking=accept-new"
            + " -o UserKnownHostsFile="
            + folder.resolve("known_hosts"));
    secrets.agent("default").ifPresent(socket -> environment.put("SSH_AUTH_SOCK", "" + socket));
    Optional<String> header = header(remote.host(), secrets);
    if (header.isPresent() && remote.origin().isPresent()) {
      // in the environment, which only root can see, and not among the arguments; only for the
      // server it is meant for, which those of submodules need not be
      environment.put("GIT_CONFIG_COUNT", "1");
      environment.put("GIT_CONFIG_KEY_0", "http." + remote.origin().get() + ".extraHeader");
      environment.put("GIT_CONFIG_VALUE_0", "Authorization: " + header.get());
    }
  }

  private static Optional<String> header(String host, CallerSecrets secrets) {
    Optional<String> given = first(secrets, HEADER + "." + host, HEADER);
    if (given.isPresent()) {
      return given;
    }
    return first(secrets, TOKEN + "." + host, TOKEN)
        .map(token -> {
          byte[] login = ("x-access-token:" + token).getBytes(StandardCharsets.UTF_8);
          return "basic " + Base64.getEncoder().encodeToString(login);
        });
  }

  private static Optional<String> first(CallerSecrets secrets, String... ids) {
    for (String id : ids) {
      Optional<byte[]> value = secrets.value(id);
      if (value.isPresent()) {
        return Optional.of(new String(value.get(), StandardCharsets.UTF_8).strip());
      }
    }
    return Optional.empty();
  }

  /** What the program prints. */
  String run(Path directory, String... arguments) throws InterruptedException {
    return run(directory, List.of(arguments));
  }

  String run(Path directory, List<String> arguments) throws InterruptedException {
    var command = new ArrayList<>(List.of("git", "-c", "advice.detachedHead=false"));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = start(builder);
    try {
      process.getOutputStream().close();
      var errors = reader(process.getErrorStream());
      var output = reader(process.getInputStream());
      // An interrupt ends this wait at once, where it would not end reading a pipe.
      int status = process.waitFor();
      if (status != 0) {
        throw failed(arguments, errors.get());
      }
      return output.get();
    } catch (IOException | ExecutionException e) {
      throw new SlipwayException(ErrorKind.INTERNAL, "running git: " + e.getMessage(), e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.UNSUPPORTED,
          "git repositories are fetched by the program git, which is not on this machine: install"
              + " it (apt-get install git)",
          e);
    }
  }

  private static FutureTask<String> reader(InputStream in) {
    var reader = new FutureTask<>(() -> new String(in.readAllBytes(), StandardCharsets.UTF_8));
    Thread.ofVirtual().start(reader);
    return reader;
  }

  private SlipwayException failed(List<String> arguments, String errors) {
    String said = errors.strip();
    String shown = said.length() > MAX_MESSAGE ? said.substring(0, MAX_MESSAGE) : said;
    boolean refused =
        said.contains("Authentication failed")
            || said.contains("could not read Username")
            || said.contains("Permission denied");
    return new SlipwayException(
        refused ? ErrorKind.UNAUTHORIZED : ErrorKind.UNAVAILABLE,
        "git "
            + arguments.getFirst()
            + " failed: "
            + shown
            + (refused ? " (lend a token with --secret id=GIT_AUTH_TOKEN, or --ssh default)" : ""));
  }

  Path folder() {
    return folder;
  }
}
