package io.slipway.engine.container;

import io.slipway.engine.http.Filters;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.engine.state.Health;
import io.slipway.image.error.SlipwayException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The filters of {@code docker ps}. */
final class ContainerFilters {
  private static final Set<String> KNOWN =
      Set.of(
          "id",
          "name",
          "label",
          "status",
          "exited",
          "ancestor",
          "before",
          "since",
          "volume",
          "network",
          "publish",
          "expose",
          "health",
          "is-task",
          "isolation");

  private static final Set<String> STATUSES =
      Set.of("created", "running", "paused", "restarting", "removing", "exited", "dead");

  private final Filters filters;
  private final ContainerIndex index;
  private final ContainerRootfs images;

  ContainerFilters(Filters filters, ContainerIndex index, ContainerRootfs images) {
    this.filters = filters.accept(KNOWN);
    this.index = index;
    this.images = images;
    for (String status : filters.values("status")) {
      if (!STATUSES.contains(status)) {
        throw SlipwayException.invalid("invalid filter 'status=" + status + "'");
      }
    }
    for (String code : filters.values("exited")) {
      if (!code.matches("-?\\d{1,9}")) {
        throw SlipwayException.invalid("invalid filter 'exited=" + code + "'");
      }
    }
  }

  /** Whether containers that do not run are wanted even without {@code all}. */
  boolean includesStopped() {
    return filters.has("status") || filters.has("exited");
  }

  boolean matches(Container container) {
    ContainerRecord record = container.record();
    return matchesNames(record)
        && matchesState(record)
        && filters.labelsMatch("label", record.config().labels())
        && filters.anyMatch("ancestor", image -> isAncestor(image, record))
        && matchesTime(record)
        && filters.anyMatch("volume", volume -> usesVolume(volume, record))
        && filters.anyMatch("network", network -> isOn(network, container))
        && filters.anyMatch("publish", port -> publishes(port, container))
        && filters.anyMatch("expose", port -> exposes(port, record))
        && filters.anyMatch("health", health -> health.equals(health(record)))
        && (!filters.has("is-task") || !filters.flag("is-task", false))
        && filters.anyMatch("isolation", name -> name.isEmpty() || name.equals("default"));
  }

  private boolean matchesNames(ContainerRecord record) {
    return filters.anyMatch("id", id -> record.id().startsWith(id))
        && filters.anyMatch("name", name -> nameMatches(name, record.name()));
  }

  /** A regular expression, found anywhere in the name with or without its slash. */
  private static boolean nameMatches(String pattern, String name) {
    try {
      java.util.regex.Pattern compiled = java.util.regex.Pattern.compile(pattern);
      return compiled.matcher(name).find() || compiled.matcher("/" + name).find();
    } catch (java.util.regex.PatternSyntaxException e) {
      return name.contains(pattern);
    }
  }

  private boolean matchesState(ContainerRecord record) {
    boolean ended =
        record.state().status() == io.slipway.engine.model.ContainerStatus.EXITED
            || record.state().status() == io.slipway.engine.model.ContainerStatus.DEAD;
    return filters.anyMatch("status", s -> s.equals(record.state().status().label()))
        && filters.anyMatch(
            "exited", code -> ended && Integer.parseInt(code) == record.state().exitCode());
  }

  private static String health(ContainerRecord record) {
    Health health = record.state().health();
    return health == null ? "none" : health.status().label();
  }

  private boolean isAncestor(String image, ContainerRecord record) {
    return image.equals(record.config().image())
        || images.idOf(image).map(id -> id.equals(record.imageId())).orElse(false);
  }

  private boolean matchesTime(ContainerRecord record) {
    Optional<Instant> before = created("before");
    Optional<Instant> since = created("since");
    return before.map(limit -> record.created().isBefore(limit)).orElse(true)
        && since.map(limit -> record.created().isAfter(limit)).orElse(true);
  }

  private Optional<Instant> created(String filter) {
    return filters.values(filter).stream()
        .findFirst()
        .map(name -> index.get(name).record().created());
  }

  private static boolean usesVolume(String volume, ContainerRecord record) {
    return record.mounts().stream()
        .anyMatch(mount ->
            mount.name().equals(volume)
                || mount.destination().equals(volume)
                || mount.source().equals(volume));
  }

  private static boolean isOn(String network, Container container) {
    return ContainerViews.networks(container).entrySet().stream()
        .anyMatch(e -> e.getKey().equals(network) || e.getValue().networkId().equals(network));
  }

  private static boolean publishes(String port, Container container) {
    PortParser.Port wanted = PortParser.port(port);
    return container
        .run()
        .map(run ->
            run.network().ports().stream()
                .anyMatch(
                    b -> b.hostPort() == wanted.number() && b.protocol() == wanted.protocol()))
        .orElse(false);
  }

  private static boolean exposes(String port, ContainerRecord record) {
    String wanted = PortParser.port(port).toString();
    Map<String, ?> exposed = record.config().exposedPorts();
    return exposed.containsKey(wanted);
  }
}
