package io.slipway.engine.container;

import io.slipway.engine.state.ContainerRecord;
import io.slipway.engine.system.EventBus;
import java.util.LinkedHashMap;
import java.util.Map;

/** Container events with the attributes Docker gives them: labels, image, name, and the rest. */
final class ContainerEvents {
  private final EventBus bus;

  ContainerEvents(EventBus bus) {
    this.bus = bus;
  }

  void publish(String action, ContainerRecord container) {
    publish(action, container, Map.of());
  }

  void publish(String action, ContainerRecord container, Map<String, String> more) {
    Map<String, String> attributes = new LinkedHashMap<>(container.config().labels());
    attributes.put("image", container.config().image());
    attributes.put("name", container.name());
    attributes.putAll(more);
    bus.publish("container", action, container.id(), attributes);
  }

  void network(String action, String networkId, String name, String driver, String containerId) {
    bus.publish(
        "network",
        action,
        networkId,
        Map.of("container", containerId, "name", name, "type", driver));
  }

  void volume(String action, String volume, String destination, boolean rw, String containerId) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("container", containerId);
    attributes.put("driver", "local");
    if (action.equals("mount")) {
      attributes.put("destination", destination);
      attributes.put("propagation", "");
      attributes.put("read/write", Boolean.toString(rw));
    }
    bus.publish("volume", action, volume, attributes);
  }
}
