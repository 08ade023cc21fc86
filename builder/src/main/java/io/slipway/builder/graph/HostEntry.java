package io.slipway.builder.graph;

import java.util.Objects;

/** A line added to /etc/hosts of RUN steps ({@code --add-host}). */
public record HostEntry(String name, String address) {

  public HostEntry {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(address, "address");
    if (name.isBlank() || address.isBlank()) {
      throw new IllegalArgumentException("host entry without name or address");
    }
  }
}
