package io.slipway.builder.frontend;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.ContainerConfig;
import io.slipway.image.model.Digest;
import io.slipway.image.model.History;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.Platform;
import io.slipway.image.model.RootFs;
import io.slipway.image.name.Reference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** The images that test Dockerfiles start from. */
public final class TestBases {
  public static final Platform PLATFORM = new Platform("linux", "amd64");

  private TestBases() {}

  public static BaseImages all() {
    return withLayer("");
  }

  /** The same images with another layer. */
  public static BaseImages withLayer(String name) {
    return named((reference, platform) -> new BaseImage(reference, config(reference, name)));
  }

  /** Images by their names; none lies in a folder. */
  public static BaseImages named(BiFunction<Reference, Platform, BaseImage> images) {
    return new BaseImages() {
      @Override
      public BaseImage resolve(Reference reference, Platform platform) {
        return images.apply(reference, platform);
      }

      @Override
      public BaseImage load(NamedContext.Layout layout, Platform platform) {
        throw SlipwayException.notFound(layout.directory() + ": not found");
      }
    };
  }

  private static ImageConfig config(Reference reference, String name) {
    ContainerConfig config =
        switch (reference.repository().familiar()) {
          case "busybox" -> new ContainerConfig.Builder().cmd(List.of("sh")).build();
          case "onbuild" ->
              new ContainerConfig.Builder()
                  .env(List.of("PATH=/bin", "FROM_BASE=1"))
                  .onBuild(List.of("RUN trigger $FROM_BASE", "ENV TRIGGERED=$FROM_BASE"))
                  .build();
          case "configured" ->
              new ContainerConfig.Builder()
                  .env(List.of("PATH=/bin"))
                  .user("app")
                  .workingDir("/base/")
                  .cmd(List.of("base", "command"))
                  .labels(Map.of("base", "yes"))
                  .build();
          default -> throw SlipwayException.notFound(reference + ": not found");
        };
    var layer = Digest.of((reference + name).getBytes(StandardCharsets.UTF_8));
    return new ImageConfig.Builder(PLATFORM)
        .config(config)
        .rootFs(new RootFs(List.of(layer)))
        .history(List.of(new History(Optional.empty(), "base layer", "", "", false)))
        .build();
  }
}
