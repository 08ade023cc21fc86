package io.slipway.engine.volume;

import io.slipway.engine.http.Filters;
import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.http.Route;
import io.slipway.engine.model.Absent;
import io.slipway.engine.state.VolumeRecord;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.snapshot.UsageMeter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code /volumes}. */
public final class VolumeRoutes {
  private static final Set<String> LIST_FILTERS = Set.of("name", "driver", "label", "dangling");
  private static final Set<String> PRUNE_FILTERS = Set.of("label", "label!", "all");

  private final VolumeService service;
  private final VolumeUsers users;

  public VolumeRoutes(VolumeService service, VolumeUsers users) {
    this.service = service;
    this.users = users;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/volumes", this::list),
        Route.post("/volumes/create", this::create),
        Route.post("/volumes/prune", this::prune),
        Route.get("/volumes/{name}", this::inspect),
        Route.delete("/volumes/{name}", this::remove));
  }

  private record CreateVolume(
      String name, String driver, Map<String, String> driverOpts, Map<String, String> labels) {}

  /** The answer of a prune. */
  private record Pruned(List<String> volumesDeleted, long spaceReclaimed) {}

  private Reply list(Request request) {
    Filters filters = request.query().filters().accept(LIST_FILTERS);
    List<VolumeJson> shown = new ArrayList<>();
    for (VolumeRecord volume : service.list()) {
      boolean dangling = users.of(volume.name()).isEmpty();
      if (filters.anyMatch("name", name -> volume.name().contains(name))
          && filters.anyMatch("driver", driver -> volume.driver().equals(driver))
          && filters.labelsMatch("label", volume.labels())
          && (!filters.has("dangling") || filters.flag("dangling", false) == dangling)) {
        shown.add(VolumeJson.of(volume, service));
      }
    }
    return Reply.json(new VolumeJson.Listed(shown, null));
  }

  private Reply create(Request request) throws IOException {
    // without a body: an anonymous one
    CreateVolume asked =
        request.hasJsonBody()
            ? request.json(CreateVolume.class)
            : new CreateVolume(null, null, null, null);
    String driver = asked.driver() == null || asked.driver().isEmpty() ? "local" : asked.driver();
    if (!driver.equals("local")) {
      throw SlipwayException.notFound(
          "create %s: error looking up volume plugin %s: plugin \"%s\" not found"
              .formatted(asked.name() == null ? "" : asked.name(), driver, driver));
    }
    VolumeRecord volume =
        service.create(
            asked.name() == null ? "" : asked.name(),
            Absent.texts(asked.labels()),
            Absent.texts(asked.driverOpts()));
    return Reply.json(201, VolumeJson.of(volume, service));
  }

  private Reply inspect(Request request) {
    return Reply.json(VolumeJson.of(service.get(request.parameter("name")), service));
  }

  private Reply remove(Request request) throws IOException {
    String name = request.parameter("name");
    if (!request.query().flag("force") || service.find(name).isPresent()) {
      service.remove(name, users);
    }
    return Reply.empty(204);
  }

  private Reply prune(Request request) throws IOException {
    Filters filters = request.query().filters().accept(PRUNE_FILTERS);
    boolean all = filters.flag("all", !request.version().atLeast(42));
    List<String> deleted = new ArrayList<>();
    long freed = 0;
    for (VolumeRecord volume : service.list()) {
      boolean wanted = all || volume.anonymous();
      boolean excluded = filters.has("label!") && filters.labelsMatch("label!", volume.labels());
      if (wanted
          && !excluded
          && filters.labelsMatch("label", volume.labels())
          && users.of(volume.name()).isEmpty()) {
        freed += size(service.data(volume.name()));
        service.remove(volume.name(), users);
        deleted.add(volume.name());
      }
    }
    service.publishPrune(freed);
    return Reply.json(new Pruned(deleted, freed));
  }

  /** All volumes with size and number of users, for {@code system df}. */
  public List<? extends Record> usage() throws IOException {
    List<VolumeJson> all = new ArrayList<>();
    for (VolumeRecord volume : service.list()) {
      long size = size(service.data(volume.name()));
      all.add(
          VolumeJson.of(volume, service)
              .with(new VolumeJson.Usage(size, users.of(volume.name()).size())));
    }
    return all;
  }

  private static long size(Path tree) throws IOException {
    return UsageMeter.measure(tree).bytes();
  }
}
