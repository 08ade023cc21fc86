package io.slipway.image.model;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Image configs from and to their JSON: OCI's fields and Docker's additions. */
final class ImageConfigJson {
  private static final String SUBJECT = "image config";

  private ImageConfigJson() {}

  static ImageConfig parse(Bytes bytes) {
    JsonFields json = JsonFields.parse(SUBJECT, bytes, ImageConfig.MAX_BYTES);
    return new ImageConfig(
        bytes,
        ManifestJson.platform(json),
        json.text("author"),
        time(json, "created"),
        json.child("config").map(ImageConfigJson::config).orElse(ContainerConfig.EMPTY),
        json.child("rootfs").map(ImageConfigJson::rootFs).orElse(RootFs.EMPTY),
        json.children("history").stream().map(ImageConfigJson::history).toList());
  }

  private static ContainerConfig config(JsonFields json) {
    return new ContainerConfig(
        json.text("User"),
        new TreeSet<>(json.keys("ExposedPorts")),
        json.texts("Env"),
        json.optionalTexts("Entrypoint"),
        json.optionalTexts("Cmd"),
        new TreeSet<>(json.keys("Volumes")),
        json.text("WorkingDir"),
        new TreeMap<>(json.textMap("Labels")),
        json.text("StopSignal"),
        json.flag("ArgsEscaped"),
        json.child("Healthcheck").map(ImageConfigJson::healthcheck),
        json.texts("OnBuild"),
        json.texts("Shell"));
  }

  private static Healthcheck healthcheck(JsonFields json) {
    return new Healthcheck(
        json.texts("Test"),
        nanos(json, "Interval"),
        nanos(json, "Timeout"),
        nanos(json, "StartPeriod"),
        nanos(json, "StartInterval"),
        Math.toIntExact(Math.clamp(json.integer("Retries", 0), 0, Integer.MAX_VALUE)));
  }

  private static Duration nanos(JsonFields json, String field) {
    return Duration.ofNanos(json.integer(field, 0));
  }

  private static RootFs rootFs(JsonFields json) {
    String type = json.text("type");
    if (!type.isEmpty() && !type.equals("layers")) {
      throw SlipwayException.invalid(SUBJECT + " has unknown rootfs type \"" + type + "\"");
    }
    List<Digest> diffIds = json.texts("diff_ids").stream().map(Digest::parse).toList();
    return new RootFs(diffIds);
  }

  private static History history(JsonFields json) {
    return new History(
        time(json, "created"),
        json.text("created_by"),
        json.text("author"),
        json.text("comment"),
        json.flag("empty_layer"));
  }

  private static Optional<Instant> time(JsonFields json, String field) {
    String text = json.text(field);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      throw new SlipwayException(
          ErrorKind.INVALID,
          json.subject() + " field " + field + " is not a time: \"" + text + "\"",
          e);
    }
  }

  /** Top-level keys in alphabetical order, as BuildKit and the classic builder write them. */
  static Bytes write(ImageConfig image) {
    Platform platform = image.platform();
    return JsonText.object(json -> {
      json.text("architecture", platform.architecture());
      json.textUnlessEmpty("author", image.author());
      json.child("config", part -> write(part, image.config()));
      if (image.created().isPresent()) {
        json.text("created", GoTime.format(image.created().get()));
      }
      if (!image.history().isEmpty()) {
        json.children(
            "history",
            image.history().stream()
                .map(line -> (JsonText.Part) part -> write(part, line))
                .toList());
      }
      json.text("os", platform.os());
      json.textsUnlessEmpty("os.features", platform.osFeatures());
      json.textUnlessEmpty("os.version", platform.osVersion());
      json.child("rootfs", part -> write(part, image.rootFs()));
      json.textUnlessEmpty("variant", platform.variant());
    });
  }

  private static void write(JsonText json, RootFs rootFs) throws IOException {
    json.text("type", "layers");
    json.texts("diff_ids", rootFs.diffIds().stream().map(Digest::toString).toList());
  }

  private static void write(JsonText json, History line) throws IOException {
    if (line.created().isPresent()) {
      json.text("created", GoTime.format(line.created().get()));
    }
    json.textUnlessEmpty("created_by", line.createdBy());
    json.textUnlessEmpty("author", line.author());
    json.textUnlessEmpty("comment", line.comment());
    json.flagIfTrue("empty_layer", line.emptyLayer());
  }

  private static void write(JsonText json, ContainerConfig config) throws IOException {
    json.textUnlessEmpty("User", config.user());
    json.keysUnlessEmpty("ExposedPorts", config.exposedPorts());
    json.textsUnlessEmpty("Env", config.env());
    json.textsUnlessEmpty("Entrypoint", config.entrypoint().orElse(List.of()));
    json.textsUnlessEmpty("Cmd", config.cmd().orElse(List.of()));
    json.keysUnlessEmpty("Volumes", config.volumes());
    json.textUnlessEmpty("WorkingDir", config.workingDir());
    json.mapUnlessEmpty("Labels", config.labels());
    json.textUnlessEmpty("StopSignal", config.stopSignal());
    json.flagIfTrue("ArgsEscaped", config.argsEscaped());
    if (config.healthcheck().isPresent()) {
      json.child("Healthcheck", part -> write(part, config.healthcheck().get()));
    }
    json.textsUnlessEmpty("OnBuild", config.onBuild());
    json.textsUnlessEmpty("Shell", config.shell());
  }

  private static void write(JsonText json, Healthcheck check) throws IOException {
    json.textsUnlessEmpty("Test", check.test());
    json.numberUnlessZero("Interval", check.interval().toNanos());
    json.numberUnlessZero("Timeout", check.timeout().toNanos());
    json.numberUnlessZero("StartPeriod", check.startPeriod().toNanos());
    json.numberUnlessZero("StartInterval", check.startInterval().toNanos());
    json.numberUnlessZero("Retries", check.retries());
  }
}
