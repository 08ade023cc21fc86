package io.slipway.engine.build;

import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.builder.graph.StepLimits;
import io.slipway.engine.http.Query;
import io.slipway.engine.model.Json;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.spec.Resources;
import io.slipway.runtime.spec.Rlimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The parameters of {@code POST /build} that limit its containers. */
record LimitsQuery(Query query) {
  private static final long MIN_MEMORY_BYTES = 6L << 20;

  StepLimits read() {
    return new StepLimits(memory(), cpu(), rlimits(), text("cgroupparent"));
  }

  private Resources.Memory memory() {
    long limit = number("memory");
    long swap = number("memswap");
    if (limit == 0 && swap == 0) {
      return Resources.Memory.UNLIMITED;
    }
    if (limit > 0 && limit < MIN_MEMORY_BYTES) {
      throw SlipwayException.invalid("Minimum memory limit allowed is 6MB");
    }
    if (swap > 0 && limit == 0) {
      throw SlipwayException.invalid(
          "You should always set the Memory limit when using Memoryswap limit, see usage");
    }
    if (swap > 0 && swap < limit) {
      throw SlipwayException.invalid(
          "Minimum memoryswap limit should be larger than memory limit, see usage");
    }
    return new Resources.Memory(
        positive(limit),
        OptionalLong.empty(),
        swap == 0 ? OptionalLong.of(limit * 2) : OptionalLong.of(swap),
        OptionalInt.empty(),
        false);
  }

  private Resources.Cpu cpu() {
    long quota = number("cpuquota");
    return new Resources.Cpu(
        positive(number("cpushares")),
        quota == 0 ? OptionalLong.empty() : OptionalLong.of(quota),
        positive(number("cpuperiod")),
        OptionalLong.empty(),
        OptionalLong.empty(),
        text("cpusetcpus"),
        text("cpusetmems"));
  }

  private List<Rlimit> rlimits() {
    String json = query.text("ulimits");
    List<Rlimit> limits = new ArrayList<>();
    if (!json.isEmpty() && !json.equals("null")) {
      Json.tryTree(json)
          .filter(JsonNode::isArray)
          .orElseThrow(() -> SlipwayException.invalid("ulimits is not a JSON array: " + json))
          .forEach(limit -> limits.add(rlimit(limit)));
    }
    return limits;
  }

  private static Rlimit rlimit(JsonNode limit) {
    String name = limit.path("Name").asText();
    Rlimit.Kind kind =
        Rlimit.Kind.named(name)
            .orElseThrow(() -> SlipwayException.invalid("invalid ulimit type: " + name));
    try {
      return new Rlimit(kind, limit.path("Soft").asLong(), limit.path("Hard").asLong());
    } catch (IllegalArgumentException e) {
      throw SlipwayException.invalid(e.getMessage());
    }
  }

  private long number(String name) {
    String text = query.text(name);
    if (!text.matches("-?\\d{0,18}") || text.equals("-")) {
      throw SlipwayException.invalid("invalid value for " + name + ": " + text);
    }
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }

  private Optional<String> text(String name) {
    return query.first(name).filter(text -> !text.isEmpty());
  }

  private static OptionalLong positive(long value) {
    return value > 0 ? OptionalLong.of(value) : OptionalLong.empty();
  }
}
