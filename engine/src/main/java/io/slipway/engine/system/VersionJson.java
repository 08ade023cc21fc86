package io.slipway.engine.system;

import io.slipway.engine.http.ApiVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code docker version}. */
record VersionJson(
    Named platform,
    List<Component> components,
    String version,
    String apiVersion,
    String minAPIVersion,
    String gitCommit,
    String goVersion,
    String os,
    String arch,
    String kernelVersion,
    String buildTime) {

  /** A name in an object. */
  record Named(String name) {}

  /** A part of the engine. */
  record Component(String name, String version, Map<String, String> details) {}

  static VersionJson of(EngineIdentity identity, HostFacts host) {
    String java = "java" + Runtime.version().feature();
    Map<String, String> details = new LinkedHashMap<>();
    details.put("ApiVersion", ApiVersion.MAX.toString());
    details.put("Arch", HostFacts.architecture());
    details.put("BuildTime", "");
    details.put("Experimental", "false");
    details.put("GitCommit", identity.commit());
    details.put("GoVersion", java);
    details.put("KernelVersion", host.kernel());
    details.put("MinAPIVersion", ApiVersion.MIN.toString());
    details.put("Os", "linux");
    return new VersionJson(
        new Named("Slipway"),
        List.of(
            new Component("Engine", identity.engineVersion(), details),
            new Component("slipway", identity.version(), Map.of("GitCommit", identity.commit()))),
        identity.engineVersion(),
        ApiVersion.MAX.toString(),
        ApiVersion.MIN.toString(),
        identity.commit(),
        java,
        "linux",
        HostFacts.architecture(),
        host.kernel(),
        "");
  }
}
