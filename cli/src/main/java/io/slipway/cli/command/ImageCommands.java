package io.slipway.cli.command;

import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** The commands on local images that are one or two plain requests. */
final class ImageCommands {
  private static final String NONE = "<none>";

  private ImageCommands() {}

  /** {@code slipway images}. */
  static final class Images implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .flag("Show all images (default hides intermediate images)", "-a", "--all")
          .flag("Show digests", "--digests")
          .flag("Don't truncate output", "--no-trunc")
          .flag("Only show image IDs", "-q", "--quiet")
          .list("Filter output based on conditions provided", "filter", "-f", "--filter")
          .text("Format output: 'json' prints one JSON object a line", "string", "--format")
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
      boolean digests = call.flag("--digests");
      Format format = Format.of(call.text("--format"));
      Table table =
          digests
              ? new Table("REPOSITORY", "TAG", "DIGEST", "IMAGE ID", "CREATED", "SIZE")
              : new Table("REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE");
      for (JsonValue image : images.items()) {
        String id =
            call.flag("--no-trunc") ? image.text("Id") : HumanText.shortId(image.text("Id"));
        if (format == Format.JSON) {
          call.console().out().println(image.print(false));
          continue;
        }
        for (String[] name : names(image)) {
          String created = HumanText.ago(image.number("Created"));
          String size = HumanText.size(image.number("Size"));
          if (call.flag("--quiet")) {
            call.console().out().println(id);
          } else if (digests) {
            table.row(name[0], name[1], name[2], id, created, size);
          } else {
            table.row(name[0], name[1], id, created, size);
          }
        }
      }
      if (!call.flag("--quiet") && format == Format.TABLE) {
        table.print(call.console().out());
      }
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
      if (names.isEmpty()) {
        String repository = digests.isEmpty() ? NONE : digests.getFirst().split("@")[0];
        names.add(new String[] {repository, NONE, digest(repository, digests)});
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
    public void describe(CommandSpec spec) {
      new Options(spec).words();
    }

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

    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .flag("Don't truncate output", "--no-trunc")
          .flag("Only show image IDs", "-q", "--quiet")
          .flag("Print sizes and dates in human readable format", "-H", "--human")
          .text("Format output: 'json' prints one JSON object a line", "string", "--format")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] IMAGE";
    }

    @Override
    public int run(Invocation call) throws IOException {
      String image = call.arguments(1).getFirst();
      Format format = Format.of(call.text("--format"));
      Table table = new Table("IMAGE", "CREATED", "CREATED BY", "SIZE", "COMMENT");
      Query query = Query.of("/images/" + Query.segment(image) + "/history");
      try (EngineResponse answer = call.client().get(query)) {
        for (JsonValue layer : answer.json().items()) {
          boolean whole = call.flag("--no-trunc");
          String id = whole ? layer.text("Id") : HumanText.shortId(layer.text("Id"));
          String by = layer.text("CreatedBy").replace('\t', ' ').replace('\n', ' ');
          if (format == Format.JSON) {
            call.console().out().println(layer.print(false));
          } else if (call.flag("--quiet")) {
            call.console().out().println(id);
          } else {
            table.row(
                id,
                HumanText.ago(layer.number("Created")),
                whole ? by : HumanText.cut(by, CREATED_BY_WIDTH),
                HumanText.size(layer.number("Size")),
                layer.text("Comment"));
          }
        }
      }
      if (!call.flag("--quiet") && format == Format.TABLE) {
        table.print(call.console().out());
      }
      return 0;
    }
  }
}
