package io.slipway.builder.session;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The secrets and SSH agents of one build's caller. Its text form shows names only. */
public final class CallerSecrets {
  /** Nothing is lent. */
  public static final CallerSecrets NONE = new CallerSecrets(Map.of(), Map.of());

  private final Map<String, byte[]> values = new TreeMap<>();
  private final Map<String, Path> agents;

  /**
   * @param values of secrets by their ids
   * @param agents sockets of SSH agents on this machine by their ids
   */
  public CallerSecrets(Map<String, byte[]> values, Map<String, Path> agents) {
    values.forEach((id, value) -> this.values.put(id, value.clone()));
    this.agents = Map.copyOf(agents);
  }

  /** A secret's value; empty if the caller does not give it. */
  public Optional<byte[]> value(String id) {
    return Optional.ofNullable(values.get(id)).map(byte[]::clone);
  }

  /** The socket of an agent; empty if the caller does not forward it. */
  public Optional<Path> agent(String id) {
    return Optional.ofNullable(agents.get(id));
  }

  @Override
  public String toString() {
    return "secrets " + values.keySet() + ", agents " + agents.keySet();
  }
}
