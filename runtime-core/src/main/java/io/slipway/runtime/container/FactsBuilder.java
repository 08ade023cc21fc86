package io.slipway.runtime.container;

import io.slipway.runtime.cgroup.CgroupPlacement;
import io.slipway.runtime.container.StartFacts.CgroupEntry;
import io.slipway.runtime.container.StartFacts.Filter;
import io.slipway.runtime.container.StartFacts.MaskKind;
import io.slipway.runtime.container.StartFacts.MountFacts;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.Privileges;
import io.slipway.runtime.process.Pty;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.IdMappings;
import io.slipway.runtime.spec.MountSpec.KernelView;
import io.slipway.runtime.spec.ProcessSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Gathers {@link StartFacts} while the parent finds them out. */
final class FactsBuilder {
  private final KernelFeatures features;
  private final Identity identity;
  private final Optional<IdMappings> users;
  private final List<String> env;
  private final OpenHandles handles;
  private CgroupEntry cgroups = CgroupEntry.NONE;
  private List<MountFacts> mounts = List.of();
  private List<String> targets = List.of();
  private Map<String, MaskKind> masks = Map.of();
  private Map<String, String> devices = Map.of();
  private Optional<Filter> filter = Optional.empty();
  private OptionalInt terminal = OptionalInt.empty();
  private String emptyDirectory = "";

  /**
   * @param users those of the container, if they are others than the host's
   */
  FactsBuilder(
      KernelFeatures features,
      ProcessSpec process,
      UserLookup names,
      Optional<IdMappings> users,
      OpenHandles handles)
      throws ContainerStartException {
    this.features = features;
    this.users = users;
    this.identity = names.resolve(process.user());
    this.env = identity.environment(process);
    this.handles = handles;
  }

  /** The user of the host who is to own the process's streams. */
  Identity owner() {
    return users
        .map(u ->
            new Identity(
                u.hostUid(identity.uid()), u.hostGid(identity.gid()), List.of(), identity.home()))
        .orElse(identity);
  }

  FactsBuilder cgroups(CgroupPlacement placement) {
    List<String> files = new ArrayList<>();
    for (Fd file : placement.processFiles()) {
      String name = "cgroup.procs " + (files.size() + 1);
      handles.borrow(name, file);
      files.add(name);
    }
    placement.directory().ifPresent(fd -> handles.borrow("cgroup directory", fd));
    cgroups = new CgroupEntry(files, placement.directory().map(fd -> "cgroup directory"));
    return this;
  }

  FactsBuilder mounts(List<MountFacts> value, List<String> resolvedTargets) {
    mounts = value;
    targets = resolvedTargets;
    return this;
  }

  FactsBuilder masks(ContainerSpec spec) throws IOException {
    boolean views =
        spec.mounts().stream()
            .anyMatch(m -> m instanceof KernelView view && view.kind() == KernelView.Kind.PROC);
    Map<String, MaskKind> kinds = new LinkedHashMap<>();
    for (String path : spec.maskedPaths()) {
      kinds.put(path, MountPreparation.maskKind(path, views));
    }
    masks = kinds;
    return this;
  }

  FactsBuilder devices(Map<String, String> value) {
    devices = value;
    return this;
  }

  FactsBuilder filter(Optional<Filter> value) {
    filter = value;
    return this;
  }

  FactsBuilder terminal(Optional<Pty> pty) {
    terminal = pty.isPresent() ? OptionalInt.of(pty.get().number()) : OptionalInt.empty();
    return this;
  }

  FactsBuilder emptyDirectory(Path value) {
    emptyDirectory = value.toString();
    return this;
  }

  StartFacts build() {
    return new StartFacts(
        identity,
        env,
        cgroups,
        mounts,
        targets,
        masks,
        devices,
        Privileges.own(),
        features.ownCapabilities(),
        features.lastCapability(),
        filter,
        terminal,
        emptyDirectory);
  }
}
