package io.slipway.runtime.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.runtime.linux.Arch;
import io.slipway.runtime.seccomp.KernelVersion;
import io.slipway.runtime.seccomp.OciSeccomp;
import io.slipway.runtime.seccomp.SeccompArch;
import io.slipway.runtime.seccomp.SeccompProfile;
import io.slipway.runtime.seccomp.SeccompProfileReader;
import io.slipway.runtime.spec.Capabilities;
import io.slipway.runtime.spec.Capability;
import io.slipway.runtime.spec.SeccompMode;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;

/** The filters of containers in the form that other runtimes compile themselves. */
final class SeccompDocuments {
  private final SeccompProfileReader reader = new SeccompProfileReader();
  private final SeccompProfile standard = reader.standard();
  private final KernelVersion kernel;

  SeccompDocuments() throws IOException {
    this.kernel = KernelVersion.running();
  }

  Optional<ObjectNode> filter(SeccompMode mode, Capabilities capabilities) {
    return switch (mode) {
      case SeccompMode.Unconfined ignored -> Optional.empty();
      case SeccompMode.DefaultProfile ignored -> Optional.of(document(standard, capabilities));
      case SeccompMode.Profile profile ->
          Optional.of(document(reader.read(profile.json()), capabilities));
    };
  }

  private ObjectNode document(SeccompProfile profile, Capabilities capabilities) {
    return OciSeccomp.of(
        profile,
        capabilities.granted().stream().map(Capability::label).collect(Collectors.toSet()),
        SeccompArch.of(Arch.current()),
        kernel);
  }
}
