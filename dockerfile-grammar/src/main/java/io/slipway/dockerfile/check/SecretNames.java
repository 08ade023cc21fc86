package io.slipway.dockerfile.check;

import java.util.regex.Pattern;

/** Tells from a variable's name whether its value is likely to be a secret. */
public final class SecretNames {
  /** Parts of a name, between underscores, that speak of something secret. */
  private static final Pattern SECRET =
      part("apikey|auth|credential|credentials|key|password|pword|passwd|secret|token");

  /** Parts that take it back. */
  private static final Pattern NO_SECRET = part("public|file|version");

  private SecretNames() {}

  private static Pattern part(String words) {
    return Pattern.compile("(?:_|^)(?:" + words + ")(?:_|$)", Pattern.CASE_INSENSITIVE);
  }

  /** Whether {@code name} looks like that of a secret. */
  public static boolean isSecret(String name) {
    return SECRET.matcher(name).find() && !NO_SECRET.matcher(name).find();
  }
}
