package io.slipway.registry.auth.jwt;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The keys of an issuer elsewhere: a JSON Web Key set in a file or at a URL, or certificates in a
 * file. They are read again when they are old, and when a token names a key that is not known, but
 * not more often than every few seconds; keys that cannot be read leave the old ones in force.
 */
public final class TrustedIssuer implements KeySource {
  private static final Duration FRESH = Duration.ofMinutes(10);
  private static final Duration PAUSE = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MAX_BYTES = 1 << 20;

  /** How bytes come in. */
  private interface Reader {
    KeySet read() throws IOException, InterruptedException;
  }

  private final String name;
  private final Reader reader;
  private final Clock clock;
  private final Consumer<String> notices;
  private volatile KeySet keys;
  private volatile Instant tried;

  private TrustedIssuer(
      String name, Reader reader, KeySet keys, Clock clock, Consumer<String> notices) {
    this.name = name;
    this.reader = reader;
    this.keys = keys;
    this.clock = clock;
    this.notices = notices;
    this.tried = clock.instant();
  }

  /** Keys in a file, which must be readable now. */
  public static TokenVerifier ofKeyFile(
      Path file, String issuer, Set<String> audiences, Clock clock, Consumer<String> notices) {
    Reader reader =
        () ->
            new KeySet(
                JwkReader.set(Files.readAllBytes(file), file.toString()),
                CertificateBundle.none(clock));
    return local(reader, file, issuer, audiences, clock, notices);
  }

  /** Certificates in a file, which must be readable now. */
  public static TokenVerifier ofCertificates(
      Path file, String issuer, Set<String> audiences, Clock clock, Consumer<String> notices) {
    Reader reader =
        () -> {
          CertificateBundle bundle =
              CertificateBundle.read(Files.readAllBytes(file), file.toString(), clock);
          return new KeySet(bundle.keys(), bundle);
        };
    return local(reader, file, issuer, audiences, clock, notices);
  }

  private static TokenVerifier local(
      Reader reader,
      Path file,
      String issuer,
      Set<String> audiences,
      Clock clock,
      Consumer<String> notices) {
    try {
      KeySet first = reader.read();
      return new TokenVerifier(
          issuer,
          audiences,
          new TrustedIssuer(file.toString(), reader, first, clock, notices),
          clock);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INVALID, "cannot read token keys " + file + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ErrorKind.CANCELLED, "interrupted", e);
    }
  }

  /** Keys at a URL, fetched when the first token comes. */
  public static TokenVerifier ofUrl(
      URI url, String issuer, Set<String> audiences, Clock clock, Consumer<String> notices) {
    KeySet none = new KeySet(List.of(), CertificateBundle.none(clock));
    TrustedIssuer source =
        new TrustedIssuer(url.toString(), () -> fetch(url, clock), none, clock, notices);
    source.tried = Instant.MIN;
    return new TokenVerifier(issuer, audiences, source, clock);
  }

  private static KeySet fetch(URI url, Clock clock) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpRequest request = HttpRequest.newBuilder(url).timeout(PATIENCE).build();
      HttpResponse<byte[]> answer =
          client.send(
              request,
              info ->
                  HttpResponse.BodySubscribers.limiting(
                      HttpResponse.BodySubscribers.ofByteArray(), MAX_BYTES));
      if (answer.statusCode() != 200) {
        throw new IOException("status " + answer.statusCode());
      }
      return new KeySet(
          JwkReader.set(answer.body(), url.toString()), CertificateBundle.none(clock));
    }
  }

  @Override
  public KeySet keys() {
    return olderThan(FRESH) ? read() : keys;
  }

  @Override
  public KeySet refreshed() {
    return olderThan(PAUSE) ? read() : keys;
  }

  private boolean olderThan(Duration age) {
    return Optional.of(tried)
        .filter(t -> !t.equals(Instant.MIN))
        .map(t -> t.plus(age).isBefore(clock.instant()))
        .orElse(true);
  }

  private synchronized KeySet read() {
    if (!olderThan(PAUSE)) {
      return keys;
    }
    try {
      keys = reader.read();
    } catch (IOException | SlipwayException e) {
      notices.accept("token keys stay as they were: %s: %s".formatted(name, e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    tried = clock.instant();
    return keys;
  }
}
