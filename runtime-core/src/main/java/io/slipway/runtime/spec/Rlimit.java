package io.slipway.runtime.spec;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A limit on one process.
 *
 * @param soft what is enforced; {@link #UNLIMITED} for none
 * @param hard how far the process may raise it
 */
public record Rlimit(Kind kind, long soft, long hard) {
  public static final long UNLIMITED = -1;

  /** What is limited; the ordinal is the kernel's number. */
  public enum Kind {
    CPU,
    FSIZE,
    DATA,
    STACK,
    CORE,
    RSS,
    NPROC,
    NOFILE,
    MEMLOCK,
    AS,
    LOCKS,
    SIGPENDING,
    MSGQUEUE,
    NICE,
    RTPRIO,
    RTTIME;

    public int number() {
      return ordinal();
    }

    /** Docker's name: {@code nofile}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Kind> named(String label) {
      return Arrays.stream(values()).filter(k -> k.label().equals(label)).findFirst();
    }
  }

  public Rlimit {
    Objects.requireNonNull(kind, "kind");
    if (Long.compareUnsigned(soft, hard) > 0) {
      throw new IllegalArgumentException(
          "ulimit soft limit must be less than or equal to hard limit: " + soft + " > " + hard);
    }
  }
}
