package io.slipway.engine.model;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * The keys that let go of a container ({@code ctrl-p,ctrl-q}): looks for them in what is typed.
 * Keys that only begin like them are passed on as soon as that is certain.
 */
public final class DetachKeys {
  public static final String DEFAULT = "ctrl-p,ctrl-q";

  private static final List<String> SPECIAL = List.of("@", "[", "\\", "]", "^", "_");
  private static final int AT = 64;

  private final byte[] keys;
  private int matched;
  private boolean found;

  private DetachKeys(byte[] keys) {
    this.keys = keys;
  }

  /**
   * Reads keys as docker writes them; the empty text means the default ones.
   *
   * @throws IllegalArgumentException if one is none
   */
  public static DetachKeys parse(String text) {
    ByteArrayOutputStream keys = new ByteArrayOutputStream();
    for (String key : (text.isEmpty() ? DEFAULT : text).split(",", -1)) {
      keys.write(code(key));
    }
    return new DetachKeys(keys.toByteArray());
  }

  private static int code(String key) {
    if (key.length() == 1 && key.charAt(0) < 128) {
      return key.charAt(0);
    }
    String control = key.startsWith("ctrl-") ? key.substring("ctrl-".length()) : "";
    if (control.length() == 1
        && (Character.isLetter(control.charAt(0)) || SPECIAL.contains(control))) {
      return Character.toUpperCase(control.charAt(0)) - AT;
    }
    throw new IllegalArgumentException("Unknown character: '" + key + "'");
  }

  /** What is to be passed on of some typed bytes. */
  public byte[] filter(byte[] typed, int length) {
    ByteArrayOutputStream passed = new ByteArrayOutputStream(length);
    for (int i = 0; i < length && !found; i++) {
      if (typed[i] != keys[matched] && matched > 0) {
        passed.write(keys, 0, matched);
        matched = 0;
      }
      if (typed[i] != keys[matched]) {
        passed.write(typed[i]);
      } else if (++matched == keys.length) {
        found = true;
      }
    }
    return passed.toByteArray();
  }

  /** Whether all keys were typed. */
  public boolean found() {
    return found;
  }
}
