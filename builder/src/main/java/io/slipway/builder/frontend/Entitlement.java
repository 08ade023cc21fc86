package io.slipway.builder.frontend;

import io.slipway.image.error.SlipwayException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What a RUN step may only do if the caller of the build permits it. */
public enum Entitlement {
  /** Use the host's network. */
  NETWORK_HOST("network.host"),
  /** Run with every capability and device. */
  SECURITY_INSECURE("security.insecure");

  private final String label;

  Entitlement(String label) {
    this.label = label;
  }

  /** As {@code --allow} names it. */
  public String label() {
    return label;
  }

  /** Reads a value of {@code --allow}. */
  public static Entitlement parse(String text) {
    return Arrays.stream(values())
        .filter(value -> value.label.equals(text))
        .findFirst()
        .orElseThrow(() ->
            SlipwayException.invalid(
                "unknown entitlement \""
                    + text
                    + "\": there are "
                    + Arrays.stream(values())
                        .map(Entitlement::label)
                        .collect(Collectors.joining(" and "))));
  }
}
