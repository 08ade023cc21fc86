package io.slipway.engine.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.http.Route;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.model.Json;
import io.slipway.engine.model.UpdateRequest;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.container.RunningContainer;
import io.slipway.runtime.spec.Resources;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** {@code docker update}: other limits and another restart policy, at once where it runs. */
final class ContainerUpdates {
  /** Limits that docker's clients send along and that cannot be changed later. */
  private static final Set<String> FIXED =
      Set.of(
          "BlkioWeightDevice",
          "BlkioDeviceReadBps",
          "BlkioDeviceWriteBps",
          "BlkioDeviceReadIOps",
          "BlkioDeviceWriteIOps",
          "CgroupParent",
          "Devices",
          "DeviceCgroupRules",
          "DeviceRequests",
          "KernelMemory",
          "KernelMemoryTCP",
          "MemorySwappiness",
          "OomKillDisable",
          "Init",
          "Ulimits");

  private final ContainerIndex index;
  private final ContainerStore store;
  private final ContainerEvents events;
  private final LimitRules.Support limits;

  ContainerUpdates(
      ContainerIndex index,
      ContainerStore store,
      ContainerEvents events,
      LimitRules.Support limits) {
    this.index = index;
    this.store = store;
    this.events = events;
    this.limits = limits;
  }

  List<Route> routes() {
    return List.of(Route.post("/containers/{id}/update", this::update));
  }

  /** Docker's answer. */
  private record UpdatedJson(List<String> warnings) {}

  private Reply update(Request request) throws IOException {
    Container container = index.get(request.parameter("id"));
    JsonNode body = request.jsonTree();
    for (String name : FIXED) {
      if (isGiven(body.path(name))) {
        throw SlipwayException.invalid(
            name + " cannot be updated: it is set when a container is created");
      }
    }
    List<String> warnings = update(container, Request.convert(body, UpdateRequest.class));
    return Reply.json(new UpdatedJson(warnings.isEmpty() ? null : warnings));
  }

  private static boolean isGiven(JsonNode value) {
    boolean nothing =
        value.isMissingNode()
            || value.isNull()
            || value.isContainerNode() && value.isEmpty()
            || value.isTextual() && value.textValue().isEmpty()
            || value.isNumber() && value.asLong() == 0
            || value.isBoolean() && !value.booleanValue();
    return !nothing;
  }

  /** What the caller should know. */
  List<String> update(Container container, UpdateRequest request) throws IOException {
    container.lifecycle().lock();
    try {
      ContainerRecord record = container.record();
      if (container.isRemoved()) {
        throw new SlipwayException(
            ErrorKind.CONFLICT,
            "Cannot update container "
                + record.id()
                + ": container is marked for removal and cannot be \"update\"d");
      }
      LimitRules.Kept kept = LimitRules.apply(merged(record.hostConfig(), request), limits);
      HostConfig changed = kept.host();
      check(record, changed, request);
      Optional<Container.Run> run = container.run();
      if (run.isPresent()) {
        apply(record, run.get().process(), changed);
      }
      ContainerRecord updated = container.update(r -> r.withHostConfig(changed));
      store.save(updated);
      events.publish("update", updated);
      return kept.warnings();
    } finally {
      container.lifecycle().unlock();
    }
  }

  static HostConfig merged(HostConfig present, UpdateRequest request) throws IOException {
    ObjectNode tree = (ObjectNode) Json.tree(present);
    tree.setAll((ObjectNode) Json.tree(request));
    return Json.convert(tree, HostConfig.class);
  }

  static void check(ContainerRecord record, HostConfig changed, UpdateRequest request) {
    HostConfig present = record.hostConfig();
    String cannot = "Cannot update container " + record.id() + ": ";
    if (request.nanoCpus() > 0 && (present.cpuPeriod() > 0 || present.cpuQuota() > 0)) {
      throw SlipwayException.invalid(
          cannot
              + "Conflicting options: Nano CPUs cannot be updated as CPU Period/Quota has already"
              + " been set");
    }
    if (present.nanoCpus() > 0 && (request.cpuPeriod() > 0 || request.cpuQuota() > 0)) {
      throw SlipwayException.invalid(
          cannot
              + "Conflicting options: CPU "
              + (request.cpuPeriod() > 0 ? "Period" : "Quota")
              + " cannot be updated as NanoCPUs has already been set");
    }
    if (request.memory() > 0
        && request.memorySwap() == 0
        && present.memorySwap() > 0
        && request.memory() > present.memorySwap()) {
      throw SlipwayException.invalid(
          cannot
              + "Memory limit should be smaller than already set memoryswap limit, update the"
              + " memoryswap at the same time");
    }
    if (request.restartPolicy() != null
        && present.autoRemove()
        && !request.restartPolicy().name().equals("no")) {
      throw SlipwayException.invalid(
          cannot
              + "Restart policy cannot be updated because AutoRemove is enabled for the container");
    }
    OptionRules.checkNumbers(changed);
    OptionRules.checkRestart(changed);
  }

  /** All or nothing: after a refusal the old limits are written again. */
  private static void apply(ContainerRecord record, RunningContainer process, HostConfig changed)
      throws IOException {
    try {
      process.cgroup().update(limits(changed));
    } catch (IOException | SlipwayException e) {
      try {
        process.cgroup().update(limits(record.hostConfig()));
      } catch (IOException | SlipwayException again) {
        e.addSuppressed(again);
      }
      throw new SlipwayException(
          e instanceof SlipwayException known ? known.kind() : ErrorKind.INTERNAL,
          "Cannot update container " + record.id() + ": " + e.getMessage(),
          e);
    }
  }

  /** Here -1 takes a limit away, where at the start there is none to take away. */
  private static Resources limits(HostConfig host) {
    Resources resources = ResourceCompiler.resources(host, DeviceGrants.NONE);
    boolean unlimited = host.pidsLimit() != null && host.pidsLimit() < 0;
    return unlimited ? resources.withPids(OptionalLong.of(-1)) : resources;
  }
}
