package io.slipway.registry.auth;

import io.slipway.registry.auth.jwt.TokenRefused;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/** Finds out whose an Authorization header is. Safe for threads. */
final class Credentials {
  private static final String BEARER = "bearer ";
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final String WRONG = "user or password is wrong";
  private static final int MARK_BYTES = 12;

  private final Optional<WatchedFile<HtpasswdFile>> users;
  private final WatchedFile<ApiKeyFile> keys;
  private final BearerTokens tokens;
  private final Policies policies;
  private final Passwords passwords = new Passwords();
  private final CallerCache cache;
  private final Clock clock;

  Credentials(
      Optional<WatchedFile<HtpasswdFile>> users,
      WatchedFile<ApiKeyFile> keys,
      BearerTokens tokens,
      Policies policies,
      Clock clock) {
    this.users = users;
    this.keys = keys;
    this.tokens = tokens;
    this.policies = policies;
    this.cache = new CallerCache(clock);
    this.clock = clock;
  }

  /** From memory alone. */
  Identity identifyNow(AccessRequest request) {
    String header = request.authorization();
    if (header.isEmpty()) {
      return new Identity.Proven(withoutHeader(request));
    }
    if (keys.isDue() || users.isPresent() && users.get().isDue()) {
      return new Identity.Unsure();
    }
    Optional<Caller> known = cache.find(header);
    if (known.isPresent()) {
      return new Identity.Proven(known.get());
    }
    return isWellFormed(header)
        ? new Identity.Unsure()
        : new Identity.Refused("authentication required", "malformed header");
  }

  /** From memory, after a look at the files if it is due. */
  Identity identifyFresh(AccessRequest request) {
    refresh();
    return identifyNow(request);
  }

  /** At whatever cost. */
  Identity identify(AccessRequest request) {
    Identity now = identifyFresh(request);
    if (!(now instanceof Identity.Unsure)) {
      return now;
    }
    String header = request.authorization();
    long seen = cache.generation();
    Optional<BasicCredentials> basic = BasicCredentials.parse(header);
    if (basic.isPresent()) {
      Optional<Caller> caller = caller(basic.get());
      caller.ifPresent(c -> cache.add(header, c, until(basic.get().password()), seen));
      return caller
          .<Identity>map(Identity.Proven::new)
          .orElseGet(() -> new Identity.Refused(WRONG, "user " + basic.get().user()));
    }
    return bearer(header, header.substring(BEARER.length()).strip(), seen);
  }

  private Identity bearer(String header, String token, long seen) {
    Optional<ApiKey> key = key(token);
    if (key.isPresent()) {
      Caller caller = caller(key.get());
      cache.add(header, caller, until(token), seen);
      return new Identity.Proven(caller);
    }
    try {
      BearerTokens.Verified verified = tokens.verify(token);
      cache.add(header, verified.caller(), verified.until(), seen);
      return new Identity.Proven(verified.caller());
    } catch (TokenRefused e) {
      return new Identity.Refused("the token is not valid", e.getMessage());
    }
  }

  private void refresh() {
    boolean changed = keys.refresh();
    if (users.isPresent()) {
      changed |= users.get().refresh();
    }
    if (changed) {
      cache.clear();
    }
  }

  private Caller withoutHeader(AccessRequest request) {
    return request.certificate().map(this::named).orElse(Caller.ANONYMOUS);
  }

  /** A user by name whose proof is good for everything. */
  private Caller named(String user) {
    return new Caller(user, policies.groups(user), Optional.empty(), false, false);
  }

  private Caller caller(ApiKey key) {
    return new Caller(key.user(), policies.groups(key.user()), key.bounds(), false, false);
  }

  /** The caller that user and password prove; blocks. */
  Optional<Caller> caller(BasicCredentials basic) {
    if (basic.password().startsWith(ApiKeyFile.PREFIX)) {
      return key(basic.password()).filter(k -> k.user().equals(basic.user())).map(this::caller);
    }
    return users.filter(u -> passwords.match(basic, u.value())).map(u -> named(basic.user()));
  }

  private Optional<ApiKey> key(String text) {
    return text.startsWith(ApiKeyFile.PREFIX)
        ? keys.value().find(text).filter(k -> k.isValidAt(clock.instant()))
        : Optional.empty();
  }

  private Instant until(String password) {
    Instant usual = clock.instant().plus(LIFE);
    return key(password).flatMap(ApiKey::expires).filter(e -> e.isBefore(usual)).orElse(usual);
  }

  private boolean isWellFormed(String header) {
    return BasicCredentials.parse(header).isPresent()
        || header.regionMatches(true, 0, BEARER, 0, BEARER.length());
  }

  /**
   * Names the state of a proof, so that what was made from it can end with it: changes with the
   * password of a user, and is empty when the proof is gone.
   */
  Optional<String> mark(String proof) {
    refresh();
    if (proof.startsWith(ApiKeyFile.PREFIX)) {
      return keys.value()
          .byId(proof.substring(ApiKeyFile.PREFIX.length()))
          .filter(k -> k.isValidAt(clock.instant()))
          .map(k -> shortHash(k.hash()));
    }
    return users.flatMap(u -> u.value().hash(proof)).map(Credentials::shortHash);
  }

  /** What {@link #mark} is to be asked for later: the key's name, or the user's. */
  String proof(BasicCredentials basic) {
    return key(basic.password()).map(k -> ApiKeyFile.PREFIX + k.id()).orElse(basic.user());
  }

  /** The caller that a proof, whose mark is unchanged, was of. */
  Optional<Caller> callerOf(String proof) {
    if (proof.startsWith(ApiKeyFile.PREFIX)) {
      return keys.value().byId(proof.substring(ApiKeyFile.PREFIX.length())).map(this::caller);
    }
    return Optional.of(named(proof));
  }

  private static String shortHash(String hash) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(hash.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, MARK_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
