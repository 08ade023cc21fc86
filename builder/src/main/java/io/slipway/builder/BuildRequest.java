package io.slipway.builder;

import io.slipway.builder.context.ContextSource;
import io.slipway.builder.context.DockerfileSource;
import io.slipway.builder.export.BuildOutput;
import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.image.model.Platform;
import java.util.List;
import java.util.Objects;

/**
 * One build as asked for.
 *
 * @param context the files that COPY and ADD see
 * @param dockerfile where the instructions are
 * @param options what the caller sets besides the Dockerfile
 * @param outputs what to make of the result; empty to build only
 * @param secrets what the caller lends to steps
 * @param platforms what to build for, each by a plan of its own; empty for what the options say
 * @param extras what is asked for besides
 */
public record BuildRequest(
    ContextSource context,
    DockerfileSource dockerfile,
    BuildOptions options,
    List<BuildOutput> outputs,
    CallerSecrets secrets,
    List<Platform> platforms,
    BuildExtras extras) {

  /** A request that lends nothing. */
  public BuildRequest(
      ContextSource context,
      DockerfileSource dockerfile,
      BuildOptions options,
      List<BuildOutput> outputs) {
    this(context, dockerfile, options, outputs, BuildExtras.NONE);
  }

  /** A request that lends nothing but asks for more than a build. */
  public BuildRequest(
      ContextSource context,
      DockerfileSource dockerfile,
      BuildOptions options,
      List<BuildOutput> outputs,
      BuildExtras extras) {
    this(context, dockerfile, options, outputs, CallerSecrets.NONE, List.of(), extras);
  }

  /** A request for nothing beside the build itself. */
  public BuildRequest(
      ContextSource context,
      DockerfileSource dockerfile,
      BuildOptions options,
      List<BuildOutput> outputs,
      CallerSecrets secrets,
      List<Platform> platforms) {
    this(context, dockerfile, options, outputs, secrets, platforms, BuildExtras.NONE);
  }

  public BuildRequest {
    Objects.requireNonNull(secrets, "secrets");
    platforms = List.copyOf(platforms);
    Objects.requireNonNull(extras, "extras");
    Objects.requireNonNull(context, "context");
    Objects.requireNonNull(dockerfile, "dockerfile");
    Objects.requireNonNull(options, "options");
    outputs = List.copyOf(outputs);
  }
}
