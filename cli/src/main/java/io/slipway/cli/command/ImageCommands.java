package io.slipway.cli.command;

import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** The commands on local images that are one or two plain requests. */
final class ImageCommands {
  private static final String NONE = "<none>";

  private ImageCommands() {}

  /** {@code slipway images}. */
  static final class Images implements Command {
    private static final Map<String, String> TITLES =
        Map.ofEntries(
            Map.entry("Containers", "CONTAINERS"),
            Map.entry("CreatedAt", "CREATED AT"),
            Map.entry("CreatedSince", "CREATED"),
            Map.entry("Digest", "DIGEST"),
            Map.entry("ID", "IMAGE ID"),
            Map.entry("Repository", "REPOSITORY"),
            Map.entry("SharedSize", "SHARED SIZE"),
            Map.entry("Size", "SIZE"),
            Map.entry("Tag", "TAG"),
            Map.entry("UniqueSize", "UNIQUE SIZE"),
            Map.entry("VirtualSize", "SIZE"));

    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .flag("Show all images (default hides intermediate images)", "-a", "--all")
          .flag("Show digests", "--digests")
          .flag("Don't truncate output", "--no-trunc")
          .flag("Only show image IDs", "-q", "--quiet")
          .list("Filter output based on conditions provided", "filter", "-f", "--filter")
          .text("Format output using a Go template, 'table' or 'json'", "string", "--format")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] [REPOSITORY[:TAG]]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      List<String> filters = new ArrayList<>(call.list("--filter"));
      call.arguments().forEach(name -> filters.add("reference=" + name));
      Query query =
          Query.of("/images/json")
              .flag("all", call.flag("--all"))
              .ifPresent("filters", Filters.json(filters));
      try (EngineResponse answer = call.client().get(query)) {
        print(call, answer.json());
      }
      return 0;
    }

    private static void print(Invocation call, JsonValue images) {
      String table =
          call.flag("--digests")
              ? "{{.Repository}}\t{{.Tag}}\t{{.Digest}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}"
              : "{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}";
      String format = call.flag("--quiet") ? "{{.ID}}" : call.text("--format");
      FormattedRows listing = new FormattedRows(call.console().out(), format, table, TITLES);
      for (JsonValue image : images.items()) {
        for (String[] name : names(image)) {
          listing.row(cells(image, name, call.flag("--no-trunc")));
        }
      }
      listing.print();
    }

    private static Map<String, String> cells(JsonValue image, String[] name, boolean whole) {
      String size = HumanText.size(image.number("Size"));
      Map<String, String> row = new LinkedHashMap<>();
      row.put("Containers", "N/A");
      row.put("CreatedAt", HumanText.time(image.number("Created")));
      row.put("CreatedSince", HumanText.ago(image.number("Created")));
      row.put("Digest", name[2]);
      row.put("ID", whole ? image.text("Id") : HumanText.shortId(image.text("Id")));
      row.put("Repository", name[0]);
      row.put("SharedSize", "N/A");
      row.put("Size", size);
      row.put("Tag", name[1]);
      row.put("UniqueSize", "N/A");
      row.put("VirtualSize", size);
      return row;
    }

    /**
     * Repository, tag and digest of each of an image's names; one row of none if it has no name.
     */
    private static List<String[]> names(JsonValue image) {
      List<String> digests =
          image.get("RepoDigests").items().stream().map(JsonValue::text).toList();
      List<String[]> names = new ArrayList<>();
      for (JsonValue tag : image.get("RepoTags").items()) {
        int colon = tag.text().lastIndexOf(':');
        String repository = tag.text().substring(0, colon);
        names.add(
            new String[] {
              repository, tag.text().substring(colon + 1), digest(repository, digests)
            });
      }
      // known by a digest in repositories where it has no tag
      digests.stream()
          .map(digest -> digest.split("@")[0])
          .distinct()
          .filter(repository -> names.stream().noneMatch(name -> name[0].equals(repository)))
          .toList()
          .forEach(repository ->
              names.add(new String[] {repository, NONE, digest(repository, digests)}));
      if (names.isEmpty()) {
        names.add(new String[] {NONE, NONE, NONE});
      }
      return names;
    }

    private static String digest(String repository, List<String> digests) {
      return digests.stream()
          .filter(d -> d.startsWith(repository + "@"))
          .map(d -> d.substring(repository.length() + 1))
          .findFirst()
          .orElse(NONE);
    }
  }

  /** {@code slipway tag}. */
  static final class Tag implements Command {
    @Override
    public String arguments() {
      return "SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      List<String> names = call.arguments(2);
      ImageName target = ImageName.parse(names.get(1));
      Query query =
          Query.of("/images/" + Query.segment(names.get(0)) + "/tag")
              .with("repo", target.repository())
              .with("tag", target.tag());
      call.client().post(query, java.util.Map.of()).close();
      return 0;
    }
  }

  /** {@code slipway rmi}. */
  static final class Remove implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .flag("Force removal of the image", "-f", "--force")
          .flag("Do not delete untagged parents", "--no-prune")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] IMAGE [IMAGE...]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      return EachName.of(call)
          .run(name -> {
            Query query =
                Query.of("/images/" + Query.segment(name))
                    .flag("force", call.flag("--force"))
                    .flag("noprune", call.flag("--no-prune"));
            try (EngineResponse answer = call.client().delete(query)) {
              for (JsonValue done : answer.json().items()) {
                done.members()
                    .forEach((what, id) -> call.console().out().println(what + ": " + id.text()));
              }
            }
          });
    }
  }

  /** {@code slipway history}. */
  static final class History implements Command {
    private static final int CREATED_BY_WIDTH = 45;
    private static final String TABLE =
        "{{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}";
    private static final Map<String, String> TITLES =
        Map.of(
            "Comment",
            "COMMENT",
            "CreatedAt",
            "CREATED AT",
            "CreatedBy",
            "CREATED BY",
            "CreatedSince",
            "CREATED",
            "ID",
            "IMAGE",
            "Size",
            "SIZE");

    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .flag("Don't truncate output", "--no-trunc")
          .flag("Only show image IDs", "-q", "--quiet")
          .flag("Print sizes and dates in human readable format", "-H", "--human")
          .text("Format output using a Go template, 'table' or 'json'", "string", "--format")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] IMAGE";
    }

    @Override
    public int run(Invocation call) throws IOException {
      String image = call.arguments(1).getFirst();
      String format = call.flag("--quiet") ? "{{.ID}}" : call.text("--format");
      FormattedRows listing = new FormattedRows(call.console().out(), format, TABLE, TITLES);
      Query query = Query.of("/images/" + Query.segment(image) + "/history");
      try (EngineResponse answer = call.client().get(query)) {
        for (JsonValue layer : answer.json().items()) {
          listing.row(cells(layer, call));
        }
      }
      listing.print();
      return 0;
    }

    private static Map<String, String> cells(JsonValue layer, Invocation call) {
      boolean whole = call.flag("--no-trunc");
      boolean human = !call.options().hasMatchedOption("--human") || call.flag("--human");
      String by = layer.text("CreatedBy").replace('\t', ' ').replace('\n', ' ');
      String at = HumanText.time(layer.number("Created"));
      Map<String, String> row = new LinkedHashMap<>();
      row.put("Comment", layer.text("Comment"));
      row.put("CreatedAt", at);
      row.put("CreatedBy", whole ? by : HumanText.cut(by, CREATED_BY_WIDTH));
      row.put("CreatedSince", human ? HumanText.ago(layer.number("Created")) : at);
      row.put("ID", whole ? layer.text("Id") : HumanText.shortId(layer.text("Id")));
      row.put("Size", human ? HumanText.size(layer.number("Size")) : layer.text("Size"));
      return row;
    }
  }
}
