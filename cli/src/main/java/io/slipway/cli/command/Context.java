package io.slipway.cli.command;

import io.slipway.cli.client.EngineAddress;
import io.slipway.cli.client.JsonValue;
import io.slipway.image.tls.TlsFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A daemon with a name, as docker keeps it.
 *
 * @param meta the whole of {@code meta.json}, other programs' parts included
 * @param metaFolder where that is
 * @param tlsFolder where the files for TLS are, if it has any
 */
record Context(String name, JsonValue meta, Path metaFolder, Path tlsFolder) {
  private static final String ENDPOINT = "docker";

  String description() {
    return meta.get("Metadata").text("Description");
  }

  JsonValue endpoint() {
    return meta.get("Endpoints").get(ENDPOINT);
  }

  String host() {
    return endpoint().text("Host");
  }

  /** A file for TLS: {@code ca}, {@code cert} or {@code key}. */
  Optional<Path> tlsFile(String name) {
    return Optional.of(tlsFolder.resolve(ENDPOINT).resolve(name + ".pem")).filter(Files::exists);
  }

  EngineAddress address() {
    Optional<Path> authority = tlsFile("ca");
    Optional<TlsFiles.Shown> shown =
        tlsFile("cert").flatMap(cert -> tlsFile("key").map(key -> new TlsFiles.Shown(cert, key)));
    boolean tls = authority.isPresent() || shown.isPresent();
    return EngineAddress.parse(
        host(), tls ? Optional.of(new TlsFiles(authority, shown)) : Optional.empty());
  }
}
