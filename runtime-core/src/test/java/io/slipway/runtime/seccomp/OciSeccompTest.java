package io.slipway.runtime.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The default profile for other runtimes: read again it must mean the same. */
class OciSeccompTest {
  private static final KernelVersion KERNEL = new KernelVersion(6, 1);

  private static BpfProgram program(SeccompProfile profile, Set<String> caps) {
    return new SeccompCompiler(KERNEL).compile(profile, caps, SeccompArch.X86_64);
  }

  @Test
  void meansTheSameWhenItIsReadAgain() {
    SeccompProfileReader reader = new SeccompProfileReader();
    for (Set<String> caps : Set.of(Set.<String>of(), Set.of("CAP_SYS_ADMIN", "CAP_SYS_TIME"))) {
      JsonNode json = OciSeccomp.of(reader.standard(), caps, SeccompArch.X86_64, KERNEL);
      assertThat(program(reader.read(json.toString()), caps))
          .isEqualTo(program(reader.standard(), caps));
    }
  }
}
