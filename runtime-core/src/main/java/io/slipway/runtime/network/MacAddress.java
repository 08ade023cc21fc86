package io.slipway.runtime.network;

import java.util.HexFormat;
import java.util.regex.Pattern;

/** A hardware address as its lower 48 bits. */
public record MacAddress(long bits) {
  private static final Pattern FORM = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");
  private static final int BYTES = 6;
  private static final long DOCKER_PREFIX = 0x0242L;

  /** Reads {@code 02:42:ac:11:00:02}. */
  public static MacAddress parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("invalid MAC address: " + text);
    }
    return new MacAddress(Long.parseLong(text.replace(":", ""), 16));
  }

  /**
   * A locally administered address made from the IPv4 address, as Docker does: unique if that is.
   */
  public static MacAddress of(Ipv4Address address) {
    return new MacAddress(DOCKER_PREFIX << Integer.SIZE | Integer.toUnsignedLong(address.bits()));
  }

  byte[] bytes() {
    byte[] bytes = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      bytes[i] = (byte) (bits >>> 8 * (BYTES - 1 - i));
    }
    return bytes;
  }

  @Override
  public String toString() {
    return HexFormat.ofDelimiter(":").formatHex(bytes());
  }
}
