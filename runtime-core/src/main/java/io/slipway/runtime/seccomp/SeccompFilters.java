package io.slipway.runtime.seccomp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compiled filters, kept: most containers share one profile and one set of capabilities. Bounded,
 * so that custom profiles cannot fill the memory. Safe for threads.
 */
public final class SeccompFilters {
  private static final int KEPT = 64;

  private record Key(SeccompProfile profile, Set<String> caps) {}

  private final SeccompCompiler compiler;
  private final SeccompArch arch;
  private final Map<Key, BpfProgram> compiled =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, BpfProgram> eldest) {
          return size() > KEPT;
        }
      };

  public SeccompFilters(SeccompCompiler compiler, SeccompArch arch) {
    this.compiler = compiler;
    this.arch = arch;
  }

  /**
   * The filter of a container.
   *
   * @param caps the capabilities of its bounding set, {@code CAP_...}
   */
  public BpfProgram filter(SeccompProfile profile, Set<String> caps) {
    Set<String> relevant = new TreeSet<>(profile.capabilitiesAskedFor());
    relevant.retainAll(caps);
    Key key = new Key(profile, Set.copyOf(relevant));
    synchronized (compiled) {
      return compiled.computeIfAbsent(key, k -> compiler.compile(profile, caps, arch));
    }
  }
}
