package io.slipway.engine.container;

import io.slipway.engine.state.ContainerRecord;
import io.slipway.engine.state.RecordDirectory;
import io.slipway.engine.state.RunningRecord;
import io.slipway.engine.state.RunningRecords;
import io.slipway.runtime.network.Sandbox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A container's files: its record and directory in the data root, its mark in the exec root. */
final class ContainerStore {
  private final RecordDirectory<ContainerRecord> records;
  private final RunningRecords running;

  ContainerStore(Path dataRoot, Path execRoot) {
    this.records =
        new RecordDirectory<>(
            dataRoot.resolve("containers"), "container.json", ContainerRecord.class);
    this.running = new RunningRecords(execRoot);
  }

  RecordDirectory<ContainerRecord> records() {
    return records;
  }

  RunningRecords running() {
    return running;
  }

  Path directory(String id) {
    return records.directory(id);
  }

  Path log(String id, LogOptions.Driver driver) {
    return driver == LogOptions.Driver.LOCAL
        ? directory(id).resolve("local-logs").resolve("container.log")
        : directory(id).resolve(id + "-json.log");
  }

  /** A container that removes itself is not worth waiting for the disk. */
  void save(ContainerRecord record) throws IOException {
    if (record.hostConfig().autoRemove()) {
      records.putUnsynced(record.id(), record);
    } else {
      records.put(record.id(), record);
    }
  }

  void remove(ContainerRecord record) throws IOException {
    if (record.hostConfig().autoRemove()) {
      records.removeUnsynced(record.id());
    } else {
      records.remove(record.id());
    }
    running.remove(record.id());
  }

  /** Remembers what the next daemon needs to go on with it, if this one is killed. */
  void markRunning(ContainerRecord record, Container.Run run) throws IOException {
    Map<String, String> interfaces = new HashMap<>();
    List<Integer> hostPorts = List.of();
    if (run.network() instanceof Sandbox sandbox) {
      sandbox.places().forEach(p -> interfaces.put(p.endpointId(), p.interfaceName()));
      hostPorts = sandbox.hostPorts();
    }
    running.put(
        new RunningRecord(record.id(), record.state(), record.endpoints(), interfaces, hostPorts));
  }

  /** As {@link #markRunning(ContainerRecord, Container.Run)} if it runs. */
  void markRunning(Container container) throws IOException {
    Optional<Container.Run> run = container.run();
    if (run.isPresent()) {
      markRunning(container.record(), run.get());
    }
  }

  void unmarkRunning(String id) throws IOException {
    running.remove(id);
  }
}
