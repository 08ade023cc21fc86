package io.slipway.runtime.network;

import java.util.Locale;

/** Protocols whose ports can be published, with their numbers in an IP header. */
public enum PortProtocol {
  TCP(6),
  UDP(17),
  SCTP(132);

  private final int number;

  PortProtocol(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** As it is written after a port: {@code tcp}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
