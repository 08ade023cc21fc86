package io.slipway.registry.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers which credentials have passed bcrypt, so that it runs once and not for every request.
 * Kept are only keyed hashes of user, password and stored hash, with a key that never leaves this
 * object. Safe for threads.
 */
final class VerifiedCredentials {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;
  private static final int MAX_ENTRIES = 10_000;
  private static final Duration LIFE = Duration.ofMinutes(10);

  private final SecretKeySpec key;
  private final Clock clock;
  private final Map<String, Instant> verified =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > MAX_ENTRIES;
        }
      };

  VerifiedCredentials(Clock clock) {
    byte[] secret = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(secret);
    this.key = new SecretKeySpec(secret, ALGORITHM);
    this.clock = clock;
  }

  boolean contains(BasicCredentials credentials, String storedHash) {
    String mark = mark(credentials, storedHash);
    synchronized (verified) {
      Instant since = verified.get(mark);
      return since != null && since.plus(LIFE).isAfter(clock.instant());
    }
  }

  void add(BasicCredentials credentials, String storedHash) {
    String mark = mark(credentials, storedHash);
    synchronized (verified) {
      verified.put(mark, clock.instant());
    }
  }

  void clear() {
    synchronized (verified) {
      verified.clear();
    }
  }

  private String mark(BasicCredentials credentials, String storedHash) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      // the stored hash has no colon and the user none either, so the three cannot be confused
      String text = storedHash + ":" + credentials.user() + ":" + credentials.password();
      return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
