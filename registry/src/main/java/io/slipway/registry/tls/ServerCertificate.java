package io.slipway.registry.tls;

import io.slipway.image.error.SlipwayException;
import io.slipway.registry.config.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What the server proves itself with, and whether it has changed. One thread at a time. */
public final class ServerCertificate {
  /** What tells one state of the files from the next. */
  private record Stamp(FileTime modified, long size, Object inode) {}

  private final Path certificate;
  private final Path key;
  private final Optional<Path> clientCa;
  private final Consumer<String> notices;
  private List<Stamp> stamps = List.of();
  private List<Stamp> refused = List.of();
  private KeyPairPem pair;

  private ServerCertificate(
      Path certificate, Path key, Optional<Path> clientCa, Consumer<String> notices) {
    this.certificate = certificate;
    this.key = key;
    this.clientCa = clientCa;
    this.notices = notices;
  }

  /**
   * Reads the files, or makes them below {@code dataRoot}.
   *
   * @param notices is told where a new CA is, and when changed files cannot be used
   * @throws SlipwayException INVALID naming the file that cannot be used
   */
  public static ServerCertificate open(
      TlsSettings settings, Path dataRoot, Clock clock, Consumer<String> notices) {
    ServerCertificate server;
    if (settings.cert().isPresent()) {
      server =
          new ServerCertificate(
              settings.cert().get(), settings.key().orElseThrow(), settings.clientCa(), notices);
    } else {
      OwnAuthority own = new OwnAuthority(dataRoot.resolve("tls"), clock);
      boolean fresh = own.ensure(LocalNames.with(settings.names()));
      notices.accept(
          "%s CA certificate for clients to trust: %s (docker: copy it to /etc/docker/certs.d/HOST:PORT/ca.crt)"
              .formatted(fresh ? "made a" : "own", own.caCertificate()));
      server =
          new ServerCertificate(
              own.serverCertificate(), own.serverKey(), settings.clientCa(), notices);
    }
    server.stamps = server.stamp();
    server.pair = server.read();
    return server;
  }

  public KeyPairPem pair() {
    return pair;
  }

  /** Reads the files again if they have changed; true when there is another pair or client CA. */
  public boolean refresh() {
    List<Stamp> now = stamp();
    if (now.equals(stamps) || now.equals(refused)) {
      return false;
    }
    try {
      pair = read();
      stamps = now;
      notices.accept("certificate " + certificate + " has changed and is used from now on");
      return true;
    } catch (SlipwayException e) {
      // certificate and key are replaced one after the other: the next look may find them fit
      refused = now;
      notices.accept("the certificate stays as it was: " + e.getMessage());
      return false;
    }
  }

  private KeyPairPem read() {
    clientCa.ifPresent(PemFiles::certificates);
    return PemFiles.pair(certificate, key);
  }

  private List<Stamp> stamp() {
    return java.util.stream.Stream.of(Optional.of(certificate), Optional.of(key), clientCa)
        .flatMap(Optional::stream)
        .map(ServerCertificate::stamp)
        .toList();
  }

  private static Stamp stamp(Path file) {
    try {
      var attributes =
          Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class);
      return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    } catch (IOException e) {
      return new Stamp(FileTime.fromMillis(0), -1, "");
    }
  }
}
