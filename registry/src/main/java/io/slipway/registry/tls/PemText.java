package io.slipway.registry.tls;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** PEM (RFC 7468). */
final class PemText {
  private static final int LINE = 64;

  private PemText() {}

  static String of(String label, byte[] der) {
    byte[] newline = "\n".getBytes(StandardCharsets.US_ASCII);
    String text = Base64.getMimeEncoder(LINE, newline).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, text, label);
  }
}
