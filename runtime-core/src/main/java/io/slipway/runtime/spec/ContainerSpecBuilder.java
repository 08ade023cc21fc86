package io.slipway.runtime.spec;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Changes some parts of a {@link ContainerSpec}; start from {@link ContainerDefaults#container}.
 */
public final class ContainerSpecBuilder {
  private String id;
  private String hostname;
  private String domainname;
  private ProcessSpec process;
  private Namespaces namespaces;
  private List<MountSpec> mounts;
  private List<DeviceNode> devices;
  private List<String> maskedPaths;
  private List<String> readOnlyPaths;
  private boolean readOnlyRoot;
  private Map<String, String> sysctls;
  private Resources resources;
  private Optional<String> cgroupParent;
  private SeccompMode seccomp;
  private Optional<Path> initBinary;

  ContainerSpecBuilder(ContainerSpec spec) {
    this.id = spec.id();
    this.hostname = spec.hostname();
    this.domainname = spec.domainname();
    this.process = spec.process();
    this.namespaces = spec.namespaces();
    this.mounts = spec.mounts();
    this.devices = spec.devices();
    this.maskedPaths = spec.maskedPaths();
    this.readOnlyPaths = spec.readOnlyPaths();
    this.readOnlyRoot = spec.readOnlyRoot();
    this.sysctls = spec.sysctls();
    this.resources = spec.resources();
    this.cgroupParent = spec.cgroupParent();
    this.seccomp = spec.seccomp();
    this.initBinary = spec.initBinary();
  }

  public ContainerSpecBuilder id(String value) {
    this.id = value;
    return this;
  }

  public ContainerSpecBuilder hostname(String value) {
    this.hostname = value;
    return this;
  }

  public ContainerSpecBuilder domainname(String value) {
    this.domainname = value;
    return this;
  }

  public ContainerSpecBuilder process(ProcessSpec value) {
    this.process = value;
    return this;
  }

  public ContainerSpecBuilder namespaces(Namespaces value) {
    this.namespaces = value;
    return this;
  }

  public ContainerSpecBuilder mounts(List<MountSpec> value) {
    this.mounts = value;
    return this;
  }

  public ContainerSpecBuilder devices(List<DeviceNode> value) {
    this.devices = value;
    return this;
  }

  public ContainerSpecBuilder maskedPaths(List<String> value) {
    this.maskedPaths = value;
    return this;
  }

  public ContainerSpecBuilder readOnlyPaths(List<String> value) {
    this.readOnlyPaths = value;
    return this;
  }

  public ContainerSpecBuilder readOnlyRoot(boolean value) {
    this.readOnlyRoot = value;
    return this;
  }

  public ContainerSpecBuilder sysctls(Map<String, String> value) {
    this.sysctls = value;
    return this;
  }

  public ContainerSpecBuilder resources(Resources value) {
    this.resources = value;
    return this;
  }

  public ContainerSpecBuilder cgroupParent(Optional<String> value) {
    this.cgroupParent = value;
    return this;
  }

  public ContainerSpecBuilder seccomp(SeccompMode value) {
    this.seccomp = value;
    return this;
  }

  public ContainerSpecBuilder initBinary(Optional<Path> value) {
    this.initBinary = value;
    return this;
  }

  public ContainerSpec build() {
    return new ContainerSpec(
        id,
        hostname,
        domainname,
        process,
        namespaces,
        mounts,
        devices,
        maskedPaths,
        readOnlyPaths,
        readOnlyRoot,
        sysctls,
        resources,
        cgroupParent,
        seccomp,
        initBinary);
  }
}
