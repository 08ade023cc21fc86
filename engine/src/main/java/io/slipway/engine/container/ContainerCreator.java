package io.slipway.engine.container;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.engine.model.Config;
import io.slipway.engine.model.CreateRequest;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.model.Json;
import io.slipway.engine.network.NetworkService;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.engine.state.ContainerState;
import io.slipway.engine.volume.VolumeService;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Platform;
import io.slipway.runtime.container.AppArmor;
import io.slipway.runtime.spec.IdMappings;
import io.slipway.runtime.spec.Namespaces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** Makes containers: check, merge with the image, resolve mounts, prepare files, record. */
final class ContainerCreator {
  private static final int ID_BYTES = 32;

  private final ContainerIndex index;
  private final ContainerStore store;
  private final ContainerRootfs rootfs;
  private final NetworkService networks;
  private final MountResolver mounts;
  private final ContainerEvents events;
  private final LimitRules.Support limits;
  private final ContainerRuntimes runtimes;
  private final Optional<IdMappings> remap;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final NameGenerator names = new NameGenerator(random);

  ContainerCreator(
      ContainerIndex index,
      ContainerStore store,
      ContainerRootfs rootfs,
      NetworkService networks,
      VolumeService volumes,
      ContainerEvents events,
      LimitRules.Support limits,
      ContainerRuntimes runtimes,
      Optional<IdMappings> remap,
      Clock clock) {
    this.index = index;
    this.store = store;
    this.rootfs = rootfs;
    this.networks = networks;
    this.mounts = new MountResolver(rootfs, volumes, name -> index.get(name).record().mounts());
    this.events = events;
    this.limits = limits;
    this.runtimes = runtimes;
    this.remap = remap;
    this.clock = clock;
  }

  /** A new container's id, and what its client should know. */
  record Created(String id, List<String> warnings) {}

  /**
   * @param name empty for a generated one
   * @param platform that the image must have, if the client named one
   */
  Created create(CreateRequest asked, String name, Optional<Platform> platform) throws IOException {
    LimitRules.Kept kept = LimitRules.apply(asked.hostConfig(), limits);
    CreateRequest request = asked.withHostConfig(kept.host());
    OptionRules.check(request.config(), request.hostConfig());
    UserRules.check(request.hostConfig(), remap);
    runtimes.check(
        request.hostConfig().runtime(), UserRules.of(request.hostConfig(), remap).isPresent());
    SecurityCompiler.check(request.hostConfig(), AppArmor.isEnabled());
    ContainerRootfs.Image image = rootfs.image(request.config().image());
    List<String> warnings = new ArrayList<>(kept.warnings());
    warnings.addAll(checkPlatform(request.config().image(), image, platform));
    String id = newId();
    String chosen = reserveName(name, id);
    try {
      ContainerRecord record = record(id, chosen, request, image);
      SpecCompiler.compile(record, placeholder(UserRules.of(record.hostConfig(), remap)));
      rootfs.prepare(id, image.config());
      mounts.prepare(record);
      store.save(record);
      Container container = open(record);
      index.add(container);
      events.publish("create", record);
      return new Created(id, warnings);
    } catch (IOException | RuntimeException e) {
      index.release(chosen, id);
      discard(id, e);
      throw e;
    }
  }

  /** The live object of a record. */
  Container open(ContainerRecord record) {
    LogOptions options = LogOptions.of(record.hostConfig().logConfig());
    SortedMap<String, String> details = LogOptions.details(record);
    ContainerLog log =
        new ContainerLog(
            new LogFiles(store.log(record.id(), options.driver()), options),
            details.isEmpty() ? "" : new String(Json.bytes(details), StandardCharsets.UTF_8),
            clock);
    boolean logged = options.driver() != LogOptions.Driver.NONE;
    boolean once = record.config().stdinOnce() && !record.config().tty();
    return new Container(record, log, new ContainerStreams(record.id(), log, logged, once));
  }

  private void discard(String id, Exception cause) {
    try {
      rootfs.remove(id);
      store.records().remove(id);
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private String newId() {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private String reserveName(String asked, String id) {
    if (!asked.isEmpty()) {
      String name = ContainerIndex.checkName(asked);
      index.reserve(name, id);
      return name;
    }
    for (int attempt = 0; ; attempt++) {
      String name = names.next(attempt);
      if (index.tryReserve(name, id)) {
        return name;
      }
    }
  }

  private ContainerRecord record(
      String id, String name, CreateRequest request, ContainerRootfs.Image image)
      throws IOException {
    HostConfig host = withDefaults(request.hostConfig());
    Config config =
        ConfigMerger.merge(request.config(), image.config().config(), defaultHostname(id, host));
    SpecCompiler.command(config);
    PortParser.bindings(config, host, Optional.empty());
    return new ContainerRecord(
        id,
        name,
        clock.instant(),
        image.id().toString(),
        config,
        host,
        EndpointWishes.of(config, host, request.endpoints(), networks::tryFind),
        mounts.resolve(config, host),
        ContainerState.CREATED,
        0,
        false);
  }

  /** What a client may leave out and later see, and update. */
  private HostConfig withDefaults(HostConfig host) throws IOException {
    ObjectNode tree = (ObjectNode) Json.tree(host);
    if (host.runtime().isEmpty()) {
      tree.put("Runtime", runtimes.standard());
    }
    if (host.memory() > 0 && host.memorySwap() == 0) {
      tree.put("MemorySwap", host.memory() * 2);
    }
    return Json.convert(tree, HostConfig.class);
  }

  private static String defaultHostname(String id, HostConfig host) throws IOException {
    return host.networkMode().equals("host") || host.utsMode().equals("host")
        ? Files.readAllLines(Path.of("/proc/sys/kernel/hostname")).getFirst()
        : ContainerRecord.shortId(id);
  }

  private static List<String> checkPlatform(
      String name, ContainerRootfs.Image image, Optional<Platform> wanted) {
    Platform actual = image.config().platform();
    if (wanted.isPresent() && !actual.matches(wanted.get())) {
      throw SlipwayException.notFound(
          "image with reference "
              + name
              + " was found but does not match the specified platform: wanted "
              + wanted.get()
              + ", actual: "
              + actual);
    }
    if (wanted.isEmpty() && !actual.matches(Platform.host())) {
      return List.of(
          "The requested image's platform ("
              + actual
              + ") does not match the detected host platform ("
              + Platform.host()
              + ") and no specific platform was requested");
    }
    return List.of();
  }

  /** Stands in for what is only known at start, so that a bad request fails at creation. */
  private static Surroundings placeholder(Optional<IdMappings> users) {
    Namespaces.Mode own = new Namespaces.Private();
    return new Surroundings(
        own,
        own,
        own,
        true,
        Path.of("/"),
        DeviceGrants.NONE,
        new Surroundings.Users(users, Set.of()));
  }
}
