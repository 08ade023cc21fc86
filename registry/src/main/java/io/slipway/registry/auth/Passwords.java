package io.slipway.registry.auth;

import java.util.concurrent.Semaphore;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** Compares passwords with bcrypt hashes, a few at a time. */
final class Passwords {
  /** Guessing passwords may not take every core. */
  private static final int MAX_BCRYPTS =
      Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  /** A hash nobody's password has: unknown users cost as much time as known ones. */
  private static final String NOBODY = "$2y$10$abcdefghijklmnopqrstuu" + "u".repeat(31);

  private final Semaphore turns = new Semaphore(MAX_BCRYPTS);

  boolean match(BasicCredentials credentials, HtpasswdFile users) {
    String hash = users.hash(credentials.user()).orElse(NOBODY);
    turns.acquireUninterruptibly();
    try {
      return OpenBSDBCrypt.checkPassword(hash, credentials.password().toCharArray())
          && users.hash(credentials.user()).isPresent();
    } finally {
      turns.release();
    }
  }
}
