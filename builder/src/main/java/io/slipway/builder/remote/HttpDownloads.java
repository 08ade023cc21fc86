package io.slipway.builder.remote;

import io.slipway.builder.session.CallerSecrets;
import io.slipway.image.codec.BoundedInputStream;
import io.slipway.image.content.AtomicFile;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.remote.StallGuard;
import io.slipway.image.task.KeyedLock;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Downloads files and keeps them, so that a server is only asked whether they changed:
 *
 * <pre>
 * http/
 *   SHA256.url      of a URL: digest, time, ETag and Last-Modified of what it gave last, and the
 *                   URL without login, by line; modified at its last use
 *   ALG-HEX         a content
 * </pre>
 */
public final class HttpDownloads {
  private static final Duration CONNECT = Duration.ofSeconds(30);
  private static final Duration ANSWER = Duration.ofMinutes(2);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** A server that never ends would fill the disk. */
  private static final long MAX_BYTES = 64L << 30;

  private static final int NOT_MODIFIED = 304;
  private static final int FIRST_ERROR = 300;
  private static final int RECORD_LINES = 4;
  private static final int BUFFER = 1 << 16;
  private static final String RECORD = ".url";

  /** Who asked for a file has opened, or pinned, it by then. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Path folder;
  private final Duration patience;
  private final long maxBytes;
  private final KeyedLock<String> downloading = new KeyedLock<>();

  /** Null until the first use: it reads the certificates of all authorities. */
  private HttpClient client;

  private record Known(
      Digest digest, long modified, String etag, String lastModified, String url) {}

  public HttpDownloads(Path folder) throws IOException {
    this(folder, PATIENCE, MAX_BYTES);
  }

  /**
   * @param patience how long nothing may come of a body
   * @param maxBytes of a file
   */
  HttpDownloads(Path folder, Duration patience, long maxBytes) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.patience = patience;
    this.maxBytes = maxBytes;
    AtomicFile.removeLeftovers(folder);
  }

  private synchronized HttpClient client() {
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NORMAL)
              .connectTimeout(CONNECT)
              .build();
    }
    return client;
  }

  /**
   * The file a URL gives now.
   *
   * @param checksum what it must be; what is here already with this digest is not asked for again
   * @throws SlipwayException NOT_FOUND, UNAUTHORIZED or UNAVAILABLE with the status; INVALID for
   *     another content than {@code checksum}
   */
  public Download get(URI url, Optional<Digest> checksum, CallerSecrets secrets)
      throws IOException, InterruptedException {
    String name = Digest.of(url.toString().getBytes(StandardCharsets.UTF_8)).hex();
    try (KeyedLock.Held _ = downloading.lock(name)) {
      Path record = record(name);
      Optional<Known> known = read(record);
      if (checksum.isPresent() && known.isPresent() && known.get().digest.equals(checksum.get())) {
        Files.setLastModifiedTime(record, FileTime.from(Instant.now()));
        return download(known.get());
      }
      Optional<Known> usable =
          known.filter(
              k -> checksum.isEmpty() || checksum.get().algorithm() == k.digest.algorithm());
      Known now = fetch(url, usable, checksum, secrets);
      write(record, now);
      return download(now);
    }
  }

  private Download download(Known known) {
    return new Download(content(known.digest), known.digest, known.modified);
  }

  private Path record(String name) {
    return folder.resolve(name + RECORD);
  }

  /** What is kept. */
  List<KeptRemote> list() throws IOException {
    var kept = new ArrayList<KeptRemote>();
    for (String name : names()) {
      Path record = record(name);
      Optional<Known> known = read(record);
      if (known.isPresent()) {
        Instant used = Files.getLastModifiedTime(record).toInstant();
        BasicFileAttributes file =
            Files.readAttributes(content(known.get().digest), BasicFileAttributes.class);
        kept.add(
            new KeptRemote(
                name,
                KeptRemote.Kind.FILE,
                known.get().url,
                file.size(),
                file.lastModifiedTime().toInstant(),
                used,
                Optional.of(known.get().digest),
                isFresh(used)));
      }
    }
    return kept;
  }

  private static boolean isFresh(Instant used) {
    return used.isAfter(Instant.now().minus(GRACE));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(RECORD))
          .map(name -> name.substring(0, name.length() - RECORD.length()))
          .toList();
    }
  }

  /** Removes what a URL gave; a content that others gave too stays. */
  boolean remove(String name) throws IOException {
    try (KeyedLock.Held _ = downloading.lock(name)) {
      Path record = record(name);
      Optional<Known> known = read(record);
      if (known.isEmpty() || isFresh(Files.getLastModifiedTime(record).toInstant())) {
        return false;
      }
      Files.delete(record);
      boolean shared = false;
      for (String other : names()) {
        shared |= read(record(other)).filter(k -> k.digest.equals(known.get().digest)).isPresent();
      }
      if (!shared) {
        Files.deleteIfExists(content(known.get().digest));
      }
      return true;
    }
  }

  private Path content(Digest digest) {
    return folder.resolve(digest.algorithm().label() + "-" + digest.hex());
  }

  private Known fetch(
      URI url, Optional<Known> known, Optional<Digest> checksum, CallerSecrets secrets)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(ANSWER).GET();
    request.header("Accept", "*/*").header("User-Agent", "slipway");
    authorization(url, secrets).ifPresent(value -> request.header("Authorization", value));
    if (known.isPresent() && !known.get().etag.isEmpty()) {
      request.header("If-None-Match", known.get().etag);
    } else if (known.isPresent() && !known.get().lastModified.isEmpty()) {
      request.header("If-Modified-Since", known.get().lastModified);
    }
    HttpResponse<InputStream> response = send(url, request.build());
    try (InputStream body = response.body()) {
      if (response.statusCode() == NOT_MODIFIED && known.isPresent()) {
        return known.get();
      }
      if (response.statusCode() >= FIRST_ERROR) {
        throw refused(url, response.statusCode());
      }
      String lastModified = response.headers().firstValue("Last-Modified").orElse("");
      Digest digest = store(url, body, checksum);
      String etag = response.headers().firstValue("ETag").orElse("");
      String from = KeptRemote.withoutLogin(url.toString());
      return new Known(digest, seconds(lastModified), etag, lastModified, from);
    }
  }

  private HttpResponse<InputStream> send(URI url, HttpRequest request) throws InterruptedException {
    try {
      return client().send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw failed(url, e);
    }
  }

  /** The JDK's client says "closed" of a body that broke, and why in the cause. */
  private static SlipwayException failed(URI url, IOException e) {
    boolean bare = "closed".equals(e.getMessage()) && e.getCause() != null;
    Throwable real = bare ? e.getCause() : e;
    String why = real.getMessage() == null ? real.getClass().getSimpleName() : real.getMessage();
    return new SlipwayException(
        ErrorKind.UNAVAILABLE, "failed to load cache key: Get \"" + url + "\": " + why, e);
  }

  private static SlipwayException refused(URI url, int status) {
    ErrorKind kind =
        switch (status) {
          case 401, 403 -> ErrorKind.UNAUTHORIZED;
          case 404, 410 -> ErrorKind.NOT_FOUND;
          default -> ErrorKind.UNAVAILABLE;
        };
    return new SlipwayException(
        kind, "failed to load cache key: invalid response status " + status + " of " + url);
  }

  private static Optional<String> authorization(URI url, CallerSecrets secrets) {
    Optional<String> header = secret(secrets, "HTTP_AUTH_HEADER_" + url.getHost());
    return header.isPresent()
        ? header
        : secret(secrets, "HTTP_AUTH_TOKEN_" + url.getHost()).map(token -> "Bearer " + token);
  }

  private static Optional<String> secret(CallerSecrets secrets, String id) {
    return secrets.value(id).map(value -> new String(value, StandardCharsets.UTF_8).strip());
  }

  private Digest store(URI url, InputStream body, Optional<Digest> checksum) throws IOException {
    DigestAlgorithm algorithm = checksum.map(Digest::algorithm).orElse(DigestAlgorithm.SHA256);
    MessageDigest state = algorithm.newDigest();
    Path temporary = Files.createTempFile(folder, ".new", ".tmp");
    try {
      try (OutputStream out = new DigestOutputStream(Files.newOutputStream(temporary), state)) {
        receive(url, body, out);
      }
      Digest digest = Digest.of(algorithm, state);
      if (checksum.isPresent() && !checksum.get().equals(digest)) {
        throw SlipwayException.invalid("digest mismatch " + digest + ": " + checksum.get());
      }
      Files.move(temporary, content(digest), StandardCopyOption.ATOMIC_MOVE);
      return digest;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private void receive(URI url, InputStream body, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (InputStream guarded =
        new BoundedInputStream(new StallGuard(body, patience), url.toString(), maxBytes)) {
      for (int n = next(url, guarded, buffer); n >= 0; n = next(url, guarded, buffer)) {
        out.write(buffer, 0, n);
      }
    }
  }

  /** Tells a server that breaks off from a disk that is full. */
  private static int next(URI url, InputStream body, byte[] buffer) {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      throw failed(url, e);
    }
  }

  private static long seconds(String lastModified) {
    try {
      return lastModified.isEmpty()
          ? 0
          : ZonedDateTime.parse(lastModified, DateTimeFormatter.RFC_1123_DATE_TIME).toEpochSecond();
    } catch (DateTimeException e) {
      // a server that writes nonsense has told no time
      return 0;
    }
  }

  private Optional<Known> read(Path record) throws IOException {
    if (!Files.exists(record)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(record);
    if (lines.size() < RECORD_LINES) {
      return Optional.empty();
    }
    Digest digest = Digest.parse(lines.get(0));
    return Files.exists(content(digest))
        ? Optional.of(
            new Known(
                digest,
                Long.parseLong(lines.get(1)),
                lines.get(2),
                lines.get(3),
                lines.size() > RECORD_LINES ? lines.get(RECORD_LINES) : ""))
        : Optional.empty();
  }

  private static void write(Path record, Known known) throws IOException {
    String text =
        String.join(
            "\n",
            known.digest.toString(),
            Long.toString(known.modified),
            known.etag.replace('\n', ' '),
            known.lastModified.replace('\n', ' '),
            known.url.replace('\n', ' '),
            "");
    AtomicFile.write(record, Bytes.utf8(text));
  }
}
