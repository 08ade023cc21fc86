package io.slipway.cli.command;

import io.slipway.cli.client.EngineAddress;
import io.slipway.image.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Which daemon a command talks to, in docker's order: the options, DOCKER_HOST, the context that
 * DOCKER_CONTEXT or the configuration names; empty for the own one.
 */
record DaemonChoice(GlobalOptions options, Map<String, String> environment, DockerConfig config) {
  DaemonChoice {
    environment = Map.copyOf(environment);
  }

  /**
   * The daemon that was chosen.
   *
   * @throws UsageException naming what is wrong with the choice
   */
  Optional<EngineAddress> address() throws IOException {
    Optional<String> host = host();
    try {
      if (host.isPresent()) {
        return Optional.of(EngineAddress.parse(host.get(), tls()));
      }
      String context = contextName();
      if (context.equals(ContextStore.DEFAULT)) {
        return Optional.empty();
      }
      return Optional.of(new ContextStore(config.folder()).read(context).address());
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private Optional<String> host() {
    Optional<String> option = options.text("--host");
    if (option.isPresent() && options.text("--context").isPresent()) {
      throw new UsageException("conflicting options: cannot specify both --host and --context");
    }
    return options.text("--context").isPresent()
        ? option
        : option.or(() -> variable("DOCKER_HOST"));
  }

  /** The context in use, whether or not a host hides it. */
  String contextName() {
    return options
        .text("--context")
        .or(() -> variable("DOCKER_HOST").map(hidden -> ContextStore.DEFAULT))
        .or(() -> variable("DOCKER_CONTEXT"))
        .or(() -> Optional.of(config.content().text("currentContext")))
        .filter(name -> !name.isEmpty())
        .orElse(ContextStore.DEFAULT);
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /** Docker's three files: the ones that were named must be there, the others may be. */
  private Optional<TlsFiles> tls() {
    if (!options.tlsVerify().orElse(variable("DOCKER_TLS_VERIFY").isPresent())) {
      return Optional.empty();
    }
    Path folder = variable("DOCKER_CERT_PATH").map(Path::of).orElse(config.folder());
    Optional<Path> certificate = file("--tlscert", folder.resolve("cert.pem"));
    Optional<Path> key = file("--tlskey", folder.resolve("key.pem"));
    if (certificate.isPresent() != key.isPresent()) {
      throw new UsageException("--tlscert and --tlskey belong together: one of them is missing");
    }
    return Optional.of(
        new TlsFiles(
            file("--tlscacert", folder.resolve("ca.pem")),
            certificate.map(path -> new TlsFiles.Shown(path, key.get()))));
  }

  private Optional<Path> file(String option, Path otherwise) {
    return options
        .text(option)
        .map(Path::of)
        .or(() -> Optional.of(otherwise).filter(Files::exists));
  }
}
