package io.slipway.engine.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.builder.export.BuildOutput;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Compression;
import io.slipway.image.name.Reference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutputQueryTest {
  private static List<BuildOutput> read(String attributes) {
    var session = new BuildSession(CallerSecrets.NONE, Optional.empty(), 0);
    List<Reference> tags = List.of(Reference.parseWithDefaultTag("app"));
    return new OutputQuery(session, tags)
        .read("[{\"Type\":\"registry\",\"Attrs\":{" + attributes + "}}]");
  }

  @Test
  void readsHowLayersArePacked() {
    var registry =
        (BuildOutput.Registry)
            read("\"compression\":\"zstd\",\"compression-level\":\"3\"").getFirst();
    assertThat(registry.names()).containsExactly(Reference.parseWithDefaultTag("app"));
    assertThat(registry.packing().layers().compression()).isEqualTo(Compression.ZSTD);
  }

  @Test
  void timesOfLayersNeedNoAsking() {
    for (String value : List.of("true", "false")) {
      assertThat(read("\"rewrite-timestamp\":\"" + value + "\"")).isEqualTo(read(""));
    }
  }

  @Test
  void namesWhatIsWrong() {
    Map.of(
            "rewrite-timestamp", "non-bool value specified for rewrite-timestamp: x",
            "compression-level", "invalid compression-level \"x\": it is from 1 to 9",
            "compression", "unsupported layer compression type \"x\"",
            "annotation-manifest-descriptor.a",
                "option annotation-manifest-descriptor.a of output type registry is not supported",
            "push-by-digest", "option push-by-digest of output type registry is not supported",
            "rewrite-times", "option rewrite-times of output type registry is not supported")
        .forEach((name, message) ->
            assertThatThrownBy(() -> read("\"" + name + "\":\"x\""))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining(message));
  }
}
