package io.slipway.registry.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers whom an Authorization header was proven to be of, so that bcrypt and signatures are
 * checked once and not for every request. Kept are only keyed hashes of the headers, with a key
 * that never leaves this object. Safe for threads.
 */
final class CallerCache {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;
  private static final int MAX_ENTRIES = 10_000;

  private record Known(Caller caller, Instant until) {}

  /** Looking an algorithm up costs more than using it. */
  private final ThreadLocal<Mac> macs;

  private final Clock clock;
  private long generation;
  private final Map<String, Known> entries =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MAX_ENTRIES;
        }
      };

  CallerCache(Clock clock) {
    byte[] secret = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(secret);
    SecretKeySpec key = new SecretKeySpec(secret, ALGORITHM);
    this.macs = ThreadLocal.withInitial(() -> mac(key));
    this.clock = clock;
  }

  Optional<Caller> find(String authorization) {
    String mark = mark(authorization);
    synchronized (entries) {
      Known entry = entries.get(mark);
      return entry != null && entry.until().isAfter(clock.instant())
          ? Optional.of(entry.caller())
          : Optional.empty();
    }
  }

  /** To be taken before a proof is looked at, and given to {@link #add} with its result. */
  long generation() {
    synchronized (entries) {
      return generation;
    }
  }

  /** Drops a proof that is older than the last {@link #clear}: the user may be gone since. */
  void add(String authorization, Caller caller, Instant until, long seen) {
    String mark = mark(authorization);
    synchronized (entries) {
      if (seen == generation) {
        entries.put(mark, new Known(caller, until));
      }
    }
  }

  void clear() {
    synchronized (entries) {
      generation++;
      entries.clear();
    }
  }

  private String mark(String authorization) {
    byte[] hash = macs.get().doFinal(authorization.getBytes(StandardCharsets.UTF_8));
    // each byte as one character: cheaper than any text, and only compared
    return new String(hash, StandardCharsets.ISO_8859_1);
  }

  private static Mac mac(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
