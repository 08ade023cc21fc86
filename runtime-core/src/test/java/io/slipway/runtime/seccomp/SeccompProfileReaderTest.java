package io.slipway.runtime.seccomp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeccompProfileReaderTest {
  private final SeccompProfileReader reader = new SeccompProfileReader();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{                                        | decoding seccomp profile failed",
        "[]                                       | it is not a JSON object",
        "{}                                       | unknown action ''",
        "{'defaultAction':'SCMP_ACT_MAYBE'}       | unknown action 'SCMP_ACT_MAYBE'",
        "{'defaultAction':'SCMP_ACT_NOTIFY'}      | SCMP_ACT_NOTIFY is not supported",
        "{'defaultAction':'SCMP_ACT_ALLOW','listenerPath':'/x'} | listenerPath is not supported",
        "{'defaultAction':'SCMP_ACT_ALLOW','flags':['F']} | flag F is not supported",
        "{'defaultAction':'SCMP_ACT_ALLOW','syscalls':[{'name':'a','names':['b'],"
            + "'action':'SCMP_ACT_LOG'}]} | use either 'name' or 'names'",
        "{'defaultAction':'SCMP_ACT_ALLOW','syscalls':[{'names':['b'],'action':'SCMP_ACT_LOG',"
            + "'args':[{'index':6,'op':'SCMP_CMP_EQ'}]}]} | bad argument condition",
        "{'defaultAction':'SCMP_ACT_ALLOW','archMap':[{'architecture':'SCMP_ARCH_X86_64'}],"
            + "'architectures':['SCMP_ARCH_X86']} | use either 'architectures' or 'archMap'",
      })
  void refusesWithAReason(String json, String reason) {
    assertThatThrownBy(() -> reader.read(json.strip().replace('\'', '"')))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void readsTheOciFormOfArchitectures() {
    SeccompProfile profile =
        reader.read(
            """
            {"defaultAction": "SCMP_ACT_LOG", "architectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"],
             "flags": ["SECCOMP_FILTER_FLAG_LOG"], "syscalls": null}
            """);
    assertThat(profile.compatible().get(SeccompArch.X86_64)).containsExactly(SeccompArch.X86);
    assertThat(profile.flags()).isEqualTo(Set.of(SeccompFlag.SECCOMP_FILTER_FLAG_LOG));
  }
}
