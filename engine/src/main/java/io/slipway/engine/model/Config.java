package io.slipway.engine.model;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * What a container runs; the portable part of a create request.
 *
 * @param cmd null inherits the image's
 * @param entrypoint null inherits the image's; empty, or one empty text, removes it
 * @param healthcheck null inherits the image's
 * @param stopTimeout seconds; null means the engine's default
 */
public record Config(
    String hostname,
    String domainname,
    String user,
    boolean attachStdin,
    boolean attachStdout,
    boolean attachStderr,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Empty> exposedPorts,
    boolean tty,
    boolean openStdin,
    boolean stdinOnce,
    List<String> env,
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) List<String> cmd,
    @JsonInclude(JsonInclude.Include.NON_NULL) HealthConfig healthcheck,
    String image,
    Map<String, Empty> volumes,
    String workingDir,
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) List<String> entrypoint,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean networkDisabled,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String macAddress,
    List<String> onBuild,
    Map<String, String> labels,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String stopSignal,
    @JsonInclude(JsonInclude.Include.NON_NULL) Integer stopTimeout,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> shell) {
  public Config {
    hostname = Absent.text(hostname);
    domainname = Absent.text(domainname);
    user = Absent.text(user);
    exposedPorts = Absent.map(exposedPorts);
    env = Absent.list(env);
    cmd = cmd == null ? null : List.copyOf(cmd);
    image = Absent.text(image);
    volumes = Absent.map(volumes);
    workingDir = Absent.text(workingDir);
    entrypoint = entrypoint == null ? null : List.copyOf(entrypoint);
    macAddress = Absent.text(macAddress);
    onBuild = Absent.list(onBuild);
    labels = Absent.texts(labels);
    stopSignal = Absent.text(stopSignal);
    shell = Absent.list(shell);
  }
}
