package io.slipway.engine.container;

import io.slipway.engine.http.Filters;
import io.slipway.engine.http.Route;
import io.slipway.engine.model.ContainerStatus;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.network.AttachedContainers;
import io.slipway.engine.network.NetworkService;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.engine.state.RecordDirectory;
import io.slipway.engine.state.RunningRecord;
import io.slipway.engine.system.EventBus;
import io.slipway.engine.volume.VolumeService;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.cgroup.CgroupDriver;
import io.slipway.runtime.spec.IdMappings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The containers of one daemon: what the routes and the other resources ask of them. */
public final class ContainerService implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("io.slipway.engine.container");

  /** What containers stand on. */
  public record Foundation(
      ContainerRuntimes runtimes,
      CgroupDriver cgroups,
      ContainerRootfs rootfs,
      NetworkService networks,
      VolumeService volumes,
      EventBus events,
      Clock clock,
      Optional<IdMappings> remap) {}

  /** Docker's exit code of one that was lost with the machine. */
  private static final int UNKNOWN_EXIT = 255;

  private final ContainerIndex index = new ContainerIndex();
  private final ContainerStore store;
  private final ContainerRootfs rootfs;
  private final ContainerEvents events;
  private final ContainerCreator creator;
  private final ContainerRemoval removal;
  private final ContainerPauses pauses;
  private final ContainerStops stops;
  private final Lifecycle lifecycle;
  private final ContainerViews views;
  private final ContainerFilesystem filesystem;
  private final ExecService execs;
  private final ContainerNetworking networking;
  private final Clock clock;
  private final CgroupDriver cgroups;
  private final EventBus bus;

  private ContainerService(Path dataRoot, Path execRoot, Foundation on) {
    this.store = new ContainerStore(dataRoot, execRoot);
    this.rootfs = on.rootfs();
    this.bus = on.events();
    this.events = new ContainerEvents(on.events());
    this.clock = on.clock();
    this.cgroups = on.cgroups();
    this.creator =
        new ContainerCreator(
            index,
            store,
            rootfs,
            on.networks(),
            on.volumes(),
            events,
            LimitRules.Support.of(on.cgroups()),
            on.runtimes(),
            on.remap(),
            clock);
    this.removal = new ContainerRemoval(index, store, rootfs, on.volumes(), events);
    this.views = new ContainerViews(store, rootfs, clock);
    this.execs = new ExecService(index, events);
    this.filesystem = new ContainerFilesystem(rootfs);
    ContainerFiles files = new ContainerFiles(Path.of("/etc"));
    this.networking = new ContainerNetworking(on.networks(), index, store, files, events);
    ContainerStarter starter =
        new ContainerStarter(
            on.runtimes(),
            rootfs,
            on.networks(),
            networking,
            on.volumes(),
            store,
            files,
            events,
            on.cgroups().mode(),
            index::get,
            on.remap(),
            clock);
    this.pauses = new ContainerPauses(store, events);
    this.stops = new ContainerStops(store, events, pauses);
    this.lifecycle =
        new Lifecycle(
            starter,
            store,
            events,
            stops,
            new HealthMonitor(execs, store, events, clock),
            clock,
            removal::autoRemove);
  }

  /**
   * Reads the containers below {@code dataRoot}. Those that ran when an earlier daemon was killed
   * are taken over; if nothing of one is left, it is marked as ended. Its processes and cgroups are
   * gone then, since the runtime removes its leftovers before this.
   */
  public static ContainerService open(Path dataRoot, Path execRoot, Foundation foundation)
      throws IOException {
    ContainerService service = new ContainerService(dataRoot, execRoot, foundation);
    service.load();
    foundation.volumes().dropUnused();
    service.revive();
    return service;
  }

  private void load() throws IOException {
    RecordDirectory.Loaded<ContainerRecord> loaded = store.records().load();
    loaded.problems().forEach(problem -> LOG.log(System.Logger.Level.ERROR, problem));
    for (ContainerRecord record : loaded.records()) {
      index.reserve(record.name(), record.id());
      index.add(creator.open(record));
    }
    for (RunningRecord running : store.running().load()) {
      if (!adopted(running)) {
        interrupted(running);
      }
    }
    for (Container container : index.all()) {
      if (container.state().isRunning() && container.run().isEmpty()) {
        lost(container);
      }
    }
  }

  /** It is recorded as running and nothing is left of that: the machine has started anew. */
  private void lost(Container container) throws IOException {
    boolean waited = container.state().status() == ContainerStatus.RESTARTING;
    store.save(
        container.update(r ->
            r.withState(
                waited
                    ? r.state().with(ContainerStatus.EXITED)
                    : r.state().exited(UNKNOWN_EXIT, false, clock.instant()))));
  }

  /** Starts what its policy wants running, in the background; peers before who joins them. */
  private void revive() {
    List<Container> wanted =
        new ArrayList<>(index.all().stream().filter(c -> Restarts.revived(c.record())).toList());
    if (wanted.isEmpty()) {
      return;
    }
    wanted.sort(Comparator.comparing(ContainerService::joinsAnother));
    Thread.ofVirtual().name("revive").start(() -> wanted.forEach(this::revive));
  }

  private static boolean joinsAnother(Container container) {
    HostConfig host = container.record().hostConfig();
    return List.of(host.networkMode(), host.pidMode(), host.ipcMode()).stream()
        .anyMatch(mode -> mode.startsWith("container:"));
  }

  private void revive(Container container) {
    try {
      lifecycle.revive(container);
    } catch (IOException | RuntimeException e) {
      LOG.log(
          System.Logger.Level.ERROR,
          "container " + container.record().name() + " is not started again: " + e.getMessage());
    }
  }

  private boolean adopted(RunningRecord running) {
    Optional<Container> container = index.find(running.id());
    try {
      return container.isPresent() && lifecycle.adopt(container.get(), running);
    } catch (IOException | RuntimeException e) {
      LOG.log(
          System.Logger.Level.ERROR,
          "container " + container.get().record().name() + " cannot be taken over: " + e);
      return false;
    }
  }

  private void interrupted(RunningRecord running) throws IOException {
    Optional<Container> found = index.find(running.id());
    if (found.isPresent()) {
      Container container = found.get();
      LOG.log(
          System.Logger.Level.WARNING,
          "container "
              + container.record().name()
              + " ("
              + ContainerRecord.shortId(running.id())
              + ") was running when the last daemon was killed: marked as exited (137)");
      container.update(r ->
          ContainerNetworking.withoutPlaces(r)
              .withState(
                  r.state()
                      .running(0, running.state().startedAt())
                      .exited(128 + Signals.KILL, false, clock.instant()))
              .withManuallyStopped(false));
      if (container.record().hostConfig().autoRemove()) {
        removal.autoRemove(container);
      } else {
        store.save(container.record());
      }
    }
    store.unmarkRunning(running.id());
  }

  /** The routes of this package. */
  public List<Route> routes() {
    List<Route> all = new ArrayList<>();
    all.addAll(new ContainerRoutes(this, execs).routes());
    all.addAll(new ContainerStreamRoutes(this).routes());
    all.addAll(new ExecRoutes(execs).routes());
    all.addAll(new ContainerUpdates(index, store, events, LimitRules.Support.of(cgroups)).routes());
    ContainerTrees trees = new ContainerTrees(rootfs, store);
    all.addAll(new ArchiveRoutes(index, new ContainerArchive(trees), events).routes());
    all.addAll(new StatsRoutes(index, clock, cgroups.mode()).routes());
    return all;
  }

  /** The routes that make images of containers. */
  public List<Route> commitRoutes(ImageStorage images) {
    ContainerCommit commit = new ContainerCommit(images, rootfs, filesystem, pauses, events, clock);
    return new CommitRoutes(index, commit).routes();
  }

  ContainerIndex index() {
    return index;
  }

  ContainerCreator creator() {
    return creator;
  }

  Lifecycle lifecycle() {
    return lifecycle;
  }

  ContainerStops stops() {
    return stops;
  }

  ContainerPauses pauses() {
    return pauses;
  }

  ContainerViews views() {
    return views;
  }

  ContainerFilesystem filesystem() {
    return filesystem;
  }

  ContainerEvents events() {
    return events;
  }

  List<Container> list(boolean all, OptionalInt limit, Filters filters) {
    ContainerFilters wanted = new ContainerFilters(filters, index, rootfs);
    boolean everything = all || wanted.includesStopped() || limit.isPresent();
    return index.all().stream()
        .filter(c -> everything || c.state().isRunning())
        .filter(wanted::matches)
        .limit(limit.isPresent() && limit.getAsInt() > 0 ? limit.getAsInt() : Long.MAX_VALUE)
        .toList();
  }

  void rename(Container container, String newName) throws IOException {
    if (newName.isEmpty()) {
      throw SlipwayException.invalid("Neither old nor new names may be empty");
    }
    String name = ContainerIndex.checkName(newName);
    container.lifecycle().lock();
    try {
      ContainerRecord old = container.record();
      if (old.name().equals(name)) {
        throw SlipwayException.invalid(
            "Renaming a container with the same name as its current name");
      }
      try {
        index.reserve(name, old.id());
      } catch (SlipwayException e) {
        throw new SlipwayException(
            e.kind(), "Error when allocating new name: " + e.getMessage(), e);
      }
      ContainerRecord renamed = container.update(r -> r.withName(name));
      store.save(renamed);
      networking.renamed(container);
      index.release(old.name(), old.id());
      events.publish("rename", renamed, Map.of("oldName", "/" + old.name()));
    } finally {
      container.lifecycle().unlock();
    }
  }

  void remove(Container container, boolean force, boolean withVolumes)
      throws IOException, InterruptedException {
    removal.remove(container, force, withVolumes, stops);
  }

  /** How many containers are in each state, for {@code docker info}. */
  public Counts counts() {
    Map<String, Integer> byState = new HashMap<>();
    List<Container> all = index.all();
    all.forEach(c -> byState.merge(c.state().status().label(), 1, Integer::sum));
    int running = byState.getOrDefault("running", 0) + byState.getOrDefault("restarting", 0);
    int paused = byState.getOrDefault("paused", 0);
    return new Counts(all.size(), running, paused, all.size() - running - paused);
  }

  /** Numbers of containers. */
  public record Counts(int all, int running, int paused, int stopped) {}

  /** A container that uses an image. */
  public record ImageUser(String id, String name, boolean running) {}

  /** The containers made from an image ({@code sha256:...}); such an image must not be removed. */
  public List<ImageUser> usersOfImage(String imageId) {
    return index.all().stream()
        .map(Container::record)
        .filter(r -> r.imageId().equals(imageId))
        .map(r -> new ImageUser(r.id(), r.name(), r.state().isRunning()))
        .toList();
  }

  /** The ids of the containers, running or not, that use a volume. */
  public List<String> usersOfVolume(String volume) {
    return index.all().stream()
        .map(Container::record)
        .filter(r -> r.mounts().stream().anyMatch(m -> m.name().equals(volume)))
        .map(ContainerRecord::id)
        .toList();
  }

  /** For the networks' routes. */
  public AttachedContainers networking() {
    return networking;
  }

  /** Summaries with sizes, for {@code system df}. */
  public List<? extends Record> usage() throws IOException {
    List<ContainerSummary> all = new ArrayList<>();
    for (Container container : index.all()) {
      all.add(views.summary(container, true));
    }
    return all;
  }

  EventBus bus() {
    return bus;
  }

  /** Leaves what runs to the next daemon. */
  public void leave() {
    lifecycle.beginLeaving();
    index.all().forEach(Container::wake);
  }

  /** Stops what runs, as Docker does when its daemon is stopped. */
  @Override
  public void close() {
    lifecycle.beginClosing();
    index.all().forEach(Container::wake);
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Container container : index.all()) {
        if (container.state().isRunning() || container.lifecycle().isLocked()) {
          each.submit(() -> {
            stops.shutDown(container);
            return null;
          });
        }
      }
    }
  }
}
