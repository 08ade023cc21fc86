package io.slipway.runtime.spec;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a process may do beyond its user id.
 *
 * @param granted bounding, permitted and effective set (a user other than root loses the last two
 *     at exec)
 * @param ambient kept across exec by a user other than root; part of granted
 */
public record Capabilities(Set<Capability> granted, Set<Capability> ambient) {
  public static final Capabilities NONE = new Capabilities(Set.of(), Set.of());
  public static final Capabilities ALL =
      new Capabilities(EnumSet.allOf(Capability.class), Set.of());

  public Capabilities {
    granted = Set.copyOf(granted);
    ambient = Set.copyOf(ambient);
    if (!granted.containsAll(ambient)) {
      throw new IllegalArgumentException("ambient capabilities must be granted too");
    }
  }

  public static Capabilities of(Set<Capability> granted) {
    return new Capabilities(granted, Set.of());
  }

  public boolean has(Capability capability) {
    return granted.contains(capability);
  }

  /** The granted set as the kernel's bit mask: {@code 0xa80425fb} for Docker's default. */
  public long mask() {
    return mask(granted);
  }

  public long ambientMask() {
    return mask(ambient);
  }

  private static long mask(Set<Capability> set) {
    return set.stream().mapToLong(c -> 1L << c.bit()).reduce(0, (a, b) -> a | b);
  }
}
