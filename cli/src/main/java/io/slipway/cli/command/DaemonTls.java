package io.slipway.cli.command;

import io.slipway.cli.daemon.PortSecurity;
import io.slipway.image.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The daemon's options for ports with TLS: docker's names, and docker's places for the files. */
final class DaemonTls {
  private static final String VERIFY = "--tlsverify";
  private static final String TLS = "--tls";

  private DaemonTls() {}

  static void describe(Options options) {
    options
        .flag("Use TLS on ports; implied by --tlsverify; false allows ports without", TLS)
        .text("Trust certs signed only by this CA (~/.docker/ca.pem)", "path", "--tlscacert")
        .text("Path to TLS certificate file (~/.docker/cert.pem)", "path", "--tlscert")
        .text("Path to TLS key file (~/.docker/key.pem)", "path", "--tlskey")
        .flag("Use TLS and verify clients", VERIFY);
  }

  static PortSecurity of(Invocation call) throws IOException {
    boolean verify = call.flag(VERIFY);
    if (!verify && !call.flag(TLS)) {
      return PortSecurity.plain(call.options().hasMatchedOption(TLS));
    }
    Path folder = DockerConfig.load().folder();
    TlsFiles.Shown shown =
        new TlsFiles.Shown(
            file(call, "--tlscert", folder.resolve("cert.pem")),
            file(call, "--tlskey", folder.resolve("key.pem")));
    Optional<Path> authority =
        verify
            ? Optional.of(file(call, "--tlscacert", folder.resolve("ca.pem")))
            : Optional.empty();
    return new PortSecurity(
        Optional.of(new TlsFiles(authority, Optional.of(shown))), verify, false);
  }

  private static Path file(Invocation call, String option, Path otherwise) {
    return call.text(option).isEmpty() ? otherwise : Path.of(call.text(option));
  }
}
