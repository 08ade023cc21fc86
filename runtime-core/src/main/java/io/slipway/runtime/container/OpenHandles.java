package io.slipway.runtime.container;

import io.slipway.runtime.linux.Fd;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The descriptors of one start by the names its program calls them. Owned ones are closed with
 * this; what must outlive the start is kept by {@link #keep}.
 */
final class OpenHandles implements AutoCloseable {
  private final Map<String, Fd> named = new LinkedHashMap<>();
  private final List<Fd> owned = new ArrayList<>();

  /** Adds a descriptor and owns it; a name that is taken gets a number. */
  String add(String name, Fd fd) {
    owned.add(fd);
    String free = name;
    for (int i = 2; named.containsKey(free); i++) {
      free = name + " " + i;
    }
    named.put(free, fd);
    return free;
  }

  /** Adds a descriptor that stays its owner's. */
  void borrow(String name, Fd fd) {
    named.put(name, fd);
  }

  /** Takes a descriptor out of the ones that are closed with this. */
  void keep(Fd fd) {
    owned.remove(fd);
  }

  Map<String, Fd> all() {
    return named;
  }

  @Override
  public void close() {
    owned.forEach(Fd::close);
  }
}
