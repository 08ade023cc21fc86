package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.io.PrintStream;

/** {@code slipway system df --verbose}: each thing that takes space. */
final class DiskUsageDetails {
  private DiskUsageDetails() {}

  static void print(PrintStream out, JsonValue df) {
    out.println("Images space usage:\n");
    images(df).print(out);
    out.println("\nContainers space usage:\n");
    containers(df).print(out);
    out.println("\nLocal Volumes space usage:\n");
    volumes(df).print(out);
    long bytes = 0;
    for (JsonValue build : df.get("BuildCache").items()) {
      bytes += build.number("Size");
    }
    out.println("\nBuild cache usage: " + HumanText.size(bytes) + "\n");
  }

  private static Table images(JsonValue df) {
    Table images =
        new Table(
            "REPOSITORY",
            "TAG",
            "IMAGE ID",
            "CREATED",
            "SIZE",
            "SHARED SIZE",
            "UNIQUE SIZE",
            "CONTAINERS");
    for (JsonValue image : df.get("Images").items()) {
      String name =
          image.get("RepoTags").items().isEmpty()
              ? "<none>:<none>"
              : image.get("RepoTags").items().getFirst().text();
      int colon = name.lastIndexOf(':');
      long shared = Math.max(0, image.number("SharedSize"));
      images.row(
          name.substring(0, colon),
          name.substring(colon + 1),
          HumanText.shortId(image.text("Id")),
          HumanText.ago(image.number("Created")),
          HumanText.size(image.number("Size")),
          HumanText.size(shared),
          HumanText.size(image.number("Size") - shared),
          image.text("Containers"));
    }
    return images;
  }

  private static Table containers(JsonValue df) {
    Table containers =
        new Table(
            "CONTAINER ID",
            "IMAGE",
            "COMMAND",
            "LOCAL VOLUMES",
            "SIZE",
            "CREATED",
            "STATUS",
            "NAMES");
    for (JsonValue c : df.get("Containers").items()) {
      long volumes =
          c.get("Mounts").items().stream().filter(m -> m.text("Type").equals("volume")).count();
      containers.row(
          HumanText.shortId(c.text("Id")),
          c.text("Image"),
          '"' + HumanText.cut(c.text("Command"), 20) + '"',
          Long.toString(volumes),
          HumanText.size(c.number("SizeRw")),
          HumanText.ago(c.number("Created")),
          c.text("Status"),
          c.get("Names").items().getFirst().text().replaceFirst("^/", ""));
    }
    return containers;
  }

  private static Table volumes(JsonValue df) {
    Table volumes = new Table("VOLUME NAME", "LINKS", "SIZE");
    for (JsonValue volume : df.get("Volumes").items()) {
      JsonValue usage = volume.get("UsageData");
      volumes.row(
          volume.text("Name"),
          usage.text("RefCount"),
          HumanText.size(Math.max(0, usage.number("Size"))));
    }
    return volumes;
  }
}
