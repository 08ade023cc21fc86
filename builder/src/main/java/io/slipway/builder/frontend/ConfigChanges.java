package io.slipway.builder.frontend;

import io.slipway.dockerfile.ast.Diagnostic;
import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.parse.DockerfileParser;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.ContainerConfig;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import io.slipway.runtime.spec.ContainerDefaults;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Dockerfile instructions applied to a config without a build ({@code commit --change}). */
public final class ConfigChanges {
  private static final String UNKNOWN = "unknown instruction: ";
  private static final String NOT_VALID = " is not a valid change command";

  private ConfigChanges() {}

  /**
   * The config after the instructions.
   *
   * @param changes each a line of a Dockerfile, or several
   * @throws SlipwayException {@code INVALID} for what is no instruction, or one that needs a build
   */
  public static ContainerConfig apply(ContainerConfig config, List<String> changes) {
    if (changes.isEmpty()) {
      return config;
    }
    String text = "FROM base\n" + String.join("\n", changes) + "\n";
    Dockerfile dockerfile = DockerfileParser.parse(text);
    Optional<Diagnostic> error = dockerfile.firstError();
    if (error.isPresent()) {
      throw SlipwayException.invalid(refusal(error.get().message()));
    }
    if (dockerfile.stages().size() != 1) {
      throw SlipwayException.invalid("from" + NOT_VALID);
    }
    dockerfile.stages().getFirst().instructions().forEach(ConfigChanges::requireChange);
    ContainerConfig changed = plan(config, dockerfile, text).image().config();
    List<String> env = new ArrayList<>(changed.env());
    if (config.env().stream().noneMatch(line -> line.startsWith("PATH="))) {
      // A build gives every image one.
      env.remove("PATH=" + ContainerDefaults.PATH);
    }
    List<String> triggers = new ArrayList<>(config.onBuild());
    triggers.addAll(changed.onBuild());
    return changed.toBuilder().env(env).onBuild(triggers).argsEscaped(config.argsEscaped()).build();
  }

  private static String refusal(String message) {
    if (!message.startsWith(UNKNOWN)) {
      return message;
    }
    String word = message.substring(UNKNOWN.length()).split(" ", 2)[0];
    return word.toLowerCase(Locale.ROOT) + NOT_VALID;
  }

  private static BuildPlan plan(ContainerConfig config, Dockerfile dockerfile, String text) {
    Platform host = Platform.host();
    ContainerConfig untriggered = config.toBuilder().onBuild(List.of()).build();
    ImageConfig image = new ImageConfig.Builder(host).config(untriggered).build();
    var input =
        new FrontendInput(
            dockerfile, new SourceText("changes", text), BuildOptions.DEFAULTS, host, "changes");
    return Frontend.plan(input, new Changed(image));
  }

  /** The image that is changed, by whatever name. */
  private record Changed(ImageConfig image) implements BaseImages {
    @Override
    public BaseImage resolve(Reference reference, Platform platform) {
      return new BaseImage(reference, image);
    }

    @Override
    public BaseImage load(NamedContext.Layout layout, Platform platform) {
      throw new IllegalStateException("changes have no contexts: " + layout.directory());
    }
  }

  private static void requireChange(Instruction instruction) {
    switch (instruction) {
      case Instruction.Cmd _,
          Instruction.Entrypoint _,
          Instruction.Healthcheck _,
          Instruction.Env _,
          Instruction.Expose _,
          Instruction.Label _,
          Instruction.Onbuild _,
          Instruction.Stopsignal _,
          Instruction.User _,
          Instruction.Volume _,
          Instruction.Workdir _ -> {
        // these change a config and nothing else
      }
      default ->
          throw SlipwayException.invalid(
              instruction.header().keyword().toLowerCase(Locale.ROOT) + NOT_VALID);
    }
  }
}
