package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads the lines of a build's answer: progress goes to the screen, the outcome stays here. */
final class BuildAnswer implements Consumer<JsonValue> {
  private final BuildScreen screen;
  private String imageId = "";
  private JsonValue made = new JsonValue.Null();
  private String error = "";
  private int exitCode = 1;
  private String failedStep = "";

  BuildAnswer(BuildScreen screen) {
    this.screen = screen;
  }

  @Override
  public void accept(JsonValue line) {
    if (!line.text("error").isEmpty()) {
      error = line.text("error");
      int code = (int) line.get("errorDetail").number("code");
      exitCode = code == 0 ? 1 : code;
    } else if (!line.get("aux").text("failedStep").isEmpty()) {
      failedStep = line.get("aux").text("failedStep");
    } else if (!line.get("aux").text("ID").isEmpty()) {
      imageId = line.get("aux").text("ID");
    } else if (!line.get("aux").text("mediaType").isEmpty()) {
      made = line.get("aux");
    } else if (line.get("event") instanceof JsonValue.Obj event) {
      screen.event(event);
    } else if (!line.text("stream").isEmpty()) {
      screen.text(line.text("stream"));
    } else if (!line.text("status").isEmpty()) {
      String id = line.text("id");
      screen.text((id.isEmpty() ? "" : id + ": ") + line.text("status") + "\n");
    }
  }

  /** The image's id; empty when there is none. */
  String imageId() {
    return imageId;
  }

  /** The digest of the manifest or index that was packed; empty when nothing was. */
  String digest() {
    return made.text("digest");
  }

  /** What {@code --metadata-file} holds, in buildx' words. */
  JsonValue metadata(List<String> tags) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    if (!imageId.isEmpty()) {
      members.put("containerimage.config.digest", new JsonValue.Text(imageId));
    }
    if (!digest().isEmpty()) {
      members.put("containerimage.descriptor", made);
      members.put("containerimage.digest", new JsonValue.Text(digest()));
    }
    if (!tags.isEmpty()) {
      members.put("image.name", new JsonValue.Text(String.join(",", tags)));
    }
    return new JsonValue.Obj(members);
  }

  /** Why the build failed; empty when it did not. */
  String error() {
    return error;
  }

  /** What the daemon kept of the step that failed; empty if there is none. */
  String failedStep() {
    return failedStep;
  }

  /** The exit code of a build that failed: that of the step, as docker's. */
  int exitCode() {
    return exitCode;
  }
}
