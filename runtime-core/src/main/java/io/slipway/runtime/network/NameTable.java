package io.slipway.runtime.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Who is called what on one network; several containers may share a name. Safe for threads. */
final class NameTable {
  private final String network;
  private final Map<String, List<Endpoint>> byName = new HashMap<>();
  private final Map<IpAddress, String> byAddress = new HashMap<>();

  NameTable(String network) {
    this.network = network;
  }

  /** The network's name, which completes its containers' names. */
  String network() {
    return network;
  }

  /** Gives a place names, in place of those it had; the first is what its address is called. */
  synchronized void put(Endpoint endpoint, List<String> names) {
    remove(endpoint);
    for (String name : names) {
      List<Endpoint> sharing = new ArrayList<>(byName.getOrDefault(key(name), List.of()));
      if (!sharing.contains(endpoint)) {
        sharing.add(endpoint);
        byName.put(key(name), List.copyOf(sharing));
      }
    }
    if (!names.isEmpty()) {
      byAddress.put(endpoint.ip(), names.getFirst());
      endpoint.ip6().ifPresent(address -> byAddress.put(address, names.getFirst()));
    }
  }

  synchronized void remove(Endpoint endpoint) {
    byName
        .entrySet()
        .removeIf(entry -> {
          List<Endpoint> others =
              entry.getValue().stream().filter(e -> !e.equals(endpoint)).toList();
          entry.setValue(others);
          return others.isEmpty();
        });
    byAddress.remove(endpoint.ip());
    endpoint.ip6().ifPresent(byAddress::remove);
  }

  /** Who has the name; empty when nobody has. */
  synchronized List<Endpoint> find(String name) {
    return byName.getOrDefault(key(name), List.of());
  }

  synchronized Optional<String> nameOf(IpAddress address) {
    return Optional.ofNullable(byAddress.get(address));
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
