package io.slipway.builder.frontend;

import io.slipway.image.model.Platform;
import java.util.Locale;

/** What the steps of one stage are called. */
final class StepNames {
  private final FrontendInput input;
  private final StageTable.Entry stage;
  private final boolean only;

  /**
   * @param only whether the Dockerfile has no other stage
   */
  StepNames(FrontendInput input, StageTable.Entry stage, boolean only) {
    this.input = input;
    this.stage = stage;
    this.only = only;
  }

  /** {@code [build 2/4] }, with the platform before the stage if there are several. */
  String prefix(int number, int total) {
    String name = only && stage.name().isEmpty() ? "" : stage.label() + " ";
    String format = "[%s%s%" + Integer.toString(total).length() + "d/%d] ";
    return String.format(Locale.ROOT, format, platform(), name, number, total);
  }

  /** {@code linux/amd64 }, or {@code linux/amd64->arm64 } for one that makes files for another. */
  private String platform() {
    if (!input.manyPlatforms()) {
      return "";
    }
    Platform target = Frontend.platform(input);
    Platform own = stage.platform().orElse(target);
    String made = target.equals(own) ? "" : "->" + withoutSystem(own, target);
    return own + made + " ";
  }

  private static String withoutSystem(Platform own, Platform target) {
    String system = own.os() + "/";
    String text = target.toString();
    return text.startsWith(system) ? text.substring(system.length()) : text;
  }

  /** The same for the same step from build to build. */
  String slot(int number) {
    String platform = input.manyPlatforms() ? Frontend.platform(input) + "|" : "";
    return input.slotPrefix() + "|" + platform + stage.label() + "|" + number;
  }
}
