package io.slipway.registry.http;

import io.slipway.registry.config.RateSettings;
import io.slipway.registry.store.ErrorCode;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The limits of addresses and users. */
final class RateLimits {
  private final RateLimit addresses;
  private final RateLimit users;
  private final RateLimit failures;

  RateLimits(RateSettings settings) {
    this.addresses = new RateLimit(settings.perAddress(), System::nanoTime);
    this.users = new RateLimit(settings.perUser(), System::nanoTime);
    this.failures = new RateLimit(settings.failedLogins(), System::nanoTime);
  }

  /** A refusal when the address asks too often. */
  Optional<Answer> ofAddress(String address) {
    return refusal(addresses.take(address));
  }

  /** A refusal when a known user asks too often. */
  Optional<Answer> ofUser(String user) {
    return user.isEmpty() ? Optional.empty() : refusal(users.take(user));
  }

  /** A refusal when too many logins from the address have failed to look at one more. */
  Optional<Answer> ofLogins(String address) {
    return refusal(failures.peek(address));
  }

  void failedLogin(String address) {
    failures.take(address);
  }

  private static Optional<Answer> refusal(long waitNanos) {
    if (waitNanos <= 0) {
      return Optional.empty();
    }
    long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(waitNanos) + 1);
    return Optional.of(
        ErrorAnswers.answer(
                ErrorCode.TOOMANYREQUESTS.status(),
                ErrorCode.TOOMANYREQUESTS,
                "too many requests, try again in " + seconds + " seconds",
                "")
            .header(Headers.RETRY_AFTER, Long.toString(seconds)));
  }
}
