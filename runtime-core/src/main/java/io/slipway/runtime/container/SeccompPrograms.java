package io.slipway.runtime.container;

import io.slipway.runtime.container.StartFacts.Filter;
import io.slipway.runtime.linux.Arch;
import io.slipway.runtime.seccomp.BpfProgram;
import io.slipway.runtime.seccomp.KernelVersion;
import io.slipway.runtime.seccomp.SeccompArch;
import io.slipway.runtime.seccomp.SeccompCompiler;
import io.slipway.runtime.seccomp.SeccompProfile;
import io.slipway.runtime.seccomp.SeccompProfileReader;
import io.slipway.runtime.spec.Capabilities;
import io.slipway.runtime.spec.Capability;
import io.slipway.runtime.spec.SeccompMode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The filters of containers as bytes. Kept by specification and capabilities, as nearly all
 * containers share one; bounded, so that custom profiles cannot fill the memory.
 */
final class SeccompPrograms {
  private static final int KEPT = 64;

  private record Key(SeccompMode mode, Capabilities capabilities) {}

  private final SeccompProfileReader reader = new SeccompProfileReader();
  private final SeccompProfile standard = reader.standard();
  private final SeccompCompiler compiler;
  private final Map<Key, Filter> kept =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Filter> eldest) {
          return size() > KEPT;
        }
      };

  SeccompPrograms() throws IOException {
    this.compiler = new SeccompCompiler(KernelVersion.running());
  }

  /**
   * The filter of a process.
   *
   * @throws io.slipway.image.error.SlipwayException if a custom profile is not valid
   */
  Optional<Filter> filter(SeccompMode mode, Capabilities capabilities) {
    Key key = new Key(mode, capabilities);
    return switch (mode) {
      case SeccompMode.Unconfined ignored -> Optional.empty();
      case SeccompMode.DefaultProfile ignored -> Optional.of(kept(key, () -> standard));
      case SeccompMode.Profile profile -> Optional.of(kept(key, () -> reader.read(profile.json())));
    };
  }

  private synchronized Filter kept(Key key, Supplier<SeccompProfile> profile) {
    return kept.computeIfAbsent(key, k -> compile(profile.get(), k.capabilities()));
  }

  private Filter compile(SeccompProfile profile, Capabilities capabilities) {
    BpfProgram program =
        compiler.compile(
            profile,
            capabilities.granted().stream().map(Capability::label).collect(Collectors.toSet()),
            SeccompArch.of(Arch.current()));
    return new Filter(program.toBytes(), program.flags());
  }
}
