package io.slipway.registry.auth;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * HTTP Basic authentication against an htpasswd file with bcrypt hashes; whoever is in the file may
 * do everything. A change of the file takes effect within seconds; one that cannot be read keeps
 * the users as they were, so that a half-written file locks nobody out.
 */
public final class HtpasswdAuthorizer implements Authorizer {
  private static final Duration RECHECK = Duration.ofSeconds(2);

  /** Guessing passwords may not take every core. */
  private static final int MAX_BCRYPTS =
      Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  /** A hash nobody's password has: unknown users cost as much time as known ones. */
  private static final String NOBODY = "$2y$10$abcdefghijklmnopqrstuu" + "u".repeat(31);

  /** What tells one state of the file from the next. */
  private record Stamp(Instant modified, long size, Object inode) {}

  private record Users(HtpasswdFile file, Stamp stamp) {}

  private final Path path;
  private final String challenge;
  private final Clock clock;
  private final Consumer<String> notices;
  private final VerifiedCredentials verified;
  private final Semaphore bcrypts = new Semaphore(MAX_BCRYPTS);
  private volatile Users users;
  private volatile Instant checked;

  private HtpasswdAuthorizer(
      Path path, String realm, Clock clock, Consumer<String> notices, Users users) {
    this.path = path;
    this.challenge = "Basic realm=\"" + realm.replace("\"", "") + "\"";
    this.clock = clock;
    this.notices = notices;
    this.verified = new VerifiedCredentials(clock);
    this.users = users;
    this.checked = clock.instant();
  }

  /**
   * @param realm what a client shows when it asks for a password
   * @param notices is told, one line each, when a changed file cannot be used
   * @throws SlipwayException INVALID naming file and line when the file cannot be used
   */
  public static HtpasswdAuthorizer open(
      Path file, String realm, Clock clock, Consumer<String> notices) {
    try {
      // the stamp first: a change while reading is then seen as one later
      Stamp stamp = stamp(file);
      return new HtpasswdAuthorizer(
          file, realm, clock, notices, new Users(HtpasswdFile.read(file), stamp));
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INVALID,
          "cannot read password file " + file + ": " + e.getClass().getSimpleName(),
          e);
    }
  }

  @Override
  public Optional<Decision> decideNow(AccessRequest request) {
    Optional<BasicCredentials> credentials = BasicCredentials.parse(request.authorization());
    if (credentials.isEmpty()) {
      return Optional.of(challenge("authentication required"));
    }
    if (checked.plus(RECHECK).isBefore(clock.instant())) {
      return Optional.empty();
    }
    return users
        .file()
        .hash(credentials.get().user())
        .filter(hash -> verified.contains(credentials.get(), hash))
        .map(hash -> new Decision.Granted(credentials.get().user()));
  }

  @Override
  public Decision decide(AccessRequest request) {
    Optional<BasicCredentials> credentials = BasicCredentials.parse(request.authorization());
    if (credentials.isEmpty()) {
      return challenge("authentication required");
    }
    reloadIfChanged();
    Optional<String> hash = users.file().hash(credentials.get().user());
    if (hash.isPresent() && verified.contains(credentials.get(), hash.get())) {
      return new Decision.Granted(credentials.get().user());
    }
    if (!matches(credentials.get(), hash.orElse(NOBODY)) || hash.isEmpty()) {
      return challenge("user or password is wrong");
    }
    verified.add(credentials.get(), hash.get());
    return new Decision.Granted(credentials.get().user());
  }

  private boolean matches(BasicCredentials credentials, String hash) {
    bcrypts.acquireUninterruptibly();
    try {
      return OpenBSDBCrypt.checkPassword(hash, credentials.password().toCharArray());
    } finally {
      bcrypts.release();
    }
  }

  private Decision challenge(String message) {
    return new Decision.Challenged(challenge, message);
  }

  private void reloadIfChanged() {
    if (!checked.plus(RECHECK).isBefore(clock.instant())) {
      return;
    }
    synchronized (this) {
      try {
        Stamp now = stamp(path);
        if (!now.equals(users.stamp())) {
          users = new Users(HtpasswdFile.read(path), now);
          verified.clear();
        }
      } catch (IOException | SlipwayException e) {
        notices.accept(
            "the users stay as they were: cannot read %s: %s".formatted(path, e.getMessage()));
      }
      checked = clock.instant();
    }
  }

  private static Stamp stamp(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new Stamp(
        attributes.lastModifiedTime().toInstant(), attributes.size(), attributes.fileKey());
  }
}
