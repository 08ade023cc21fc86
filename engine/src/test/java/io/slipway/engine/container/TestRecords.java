package io.slipway.engine.container;

import io.slipway.engine.model.Config;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.model.Json;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.engine.state.ContainerState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Containers made of JSON with single quotes, as the tables of the tests write it. */
final class TestRecords {
  private TestRecords() {}

  static <T> T json(String text, Class<T> type) throws IOException {
    return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), type);
  }

  static ContainerRecord record(String config, String host) throws IOException {
    return new ContainerRecord(
        "0123456789ab",
        "tested",
        Instant.EPOCH,
        "sha256:00",
        json(config, Config.class),
        json(host, HostConfig.class),
        Map.of(),
        List.of(),
        ContainerState.CREATED,
        0,
        false);
  }
}
