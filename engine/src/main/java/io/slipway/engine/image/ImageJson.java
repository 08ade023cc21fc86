package io.slipway.engine.image;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.slipway.engine.model.Config;
import java.util.List;
import java.util.Map;

/**
 * An image as {@code GET /images/NAME/json} answers it.
 *
 * @param containerConfig what the image's last step ran with; docker left it out with version 1.45,
 *     since when docker-compose 1, which looks there for volumes, cannot recreate a container
 */
public record ImageJson(
    String id,
    List<String> repoTags,
    List<String> repoDigests,
    String parent,
    String comment,
    String created,
    String dockerVersion,
    String author,
    Config config,
    Config containerConfig,
    String architecture,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String variant,
    String os,
    long size,
    GraphDriver graphDriver,
    RootFsJson rootFS,
    Metadata metadata) {

  /** Where the files are. */
  public record GraphDriver(Map<String, String> data, String name) {}

  /** The layers by DiffID. */
  public record RootFsJson(String type, List<String> layers) {}

  /** What this engine knows beside the image. */
  public record Metadata(String lastTagTime) {}
}
