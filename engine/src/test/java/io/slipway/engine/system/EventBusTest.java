package io.slipway.engine.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.engine.model.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventBusTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final EventBus bus = new EventBus(Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void tellsSubscribersInOrderAndKeepsTheLast() throws Exception {
    for (int i = 0; i < 300; i++) {
      bus.publish("container", "a" + i, "id", Map.of());
    }
    try (EventBus.Subscription late = bus.subscribe(Optional.of(NOW));
        EventBus.Subscription fresh = bus.subscribe(Optional.empty())) {
      bus.publish("container", "new", "id", Map.of());
      assertThat(late.next(10).orElseThrow().action()).isEqualTo("a44");
      assertThat(fresh.next(10).orElseThrow().action()).isEqualTo("new");
      assertThat(fresh.next(1)).isEmpty();
      assertThat(bus.subscribers()).isEqualTo(2);
    }
    assertThat(bus.subscribers()).isZero();
  }

  @Test
  void givesEachEventATimeOfItsOwn() throws Exception {
    bus.publish("container", "a", "id", Map.of());
    bus.publish("container", "b", "id", Map.of());
    try (EventBus.Subscription since = bus.subscribe(Optional.of(NOW.plusNanos(1)))) {
      assertThat(since.next(10).orElseThrow().action()).isEqualTo("b");
    }
  }

  @Test
  void endsASubscriberThatDoesNotRead() throws Exception {
    try (EventBus.Subscription slow = bus.subscribe(Optional.empty())) {
      for (int i = 0; i < 5000; i++) {
        bus.publish("container", "x", "id", Map.of());
      }
      for (int i = 0; i < 4096; i++) {
        slow.next(1);
      }
      assertThatThrownBy(() -> slow.next(1)).hasMessageContaining("events were lost");
    }
  }

  @Test
  void hasTheFieldsOfOldClients() {
    Event event =
        new Event("container", "start", "abc", Map.of("image", "busybox", "name", "web"), NOW);
    assertThat(new String(Json.bytes(event.message()), StandardCharsets.UTF_8))
        .startsWith(
            "{\"status\":\"start\",\"id\":\"abc\",\"from\":\"busybox\",\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"abc\",\"Attributes\":{")
        .endsWith("\"scope\":\"local\",\"time\":1767323045,\"timeNano\":1767323045000000000}");
  }
}
