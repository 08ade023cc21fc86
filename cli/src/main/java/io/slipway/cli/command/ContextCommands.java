package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import io.slipway.cli.daemon.DaemonPaths;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway context}: daemons by name, in docker's files. */
final class ContextCommands {
  private static final String CURRENT_HOST = "Current DOCKER_HOST based configuration";

  private ContextCommands() {}

  private static DaemonChoice choice() throws IOException {
    return new DaemonChoice(
        new GlobalOptions(Map.of(), Optional.empty()), System.getenv(), DockerConfig.load());
  }

  private static ContextStore store() throws IOException {
    return new ContextStore(DockerConfig.load().folder());
  }

  /** What the default context stands for. */
  private static String defaultHost() {
    String host = System.getenv("DOCKER_HOST");
    return host == null || host.isEmpty() ? "unix://" + DaemonPaths.ofProcess().socket() : host;
  }

  /** {@code context ls}. */
  static final class ListContexts implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .text("Format output using a Go template or 'json'", "string", "--format")
          .flag("Only show context names", "-q", "--quiet");
    }

    @Override
    public String arguments() {
      return "[OPTIONS]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      call.arguments(0);
      String current = choice().contextName();
      FormattedRows listing =
          new FormattedRows(
              call.console().out(),
              call.flag("--quiet") ? "{{.Name}}" : call.text("--format"),
              "{{.Name}}\t{{.Description}}\t{{.DockerEndpoint}}\t{{.Error}}",
              Map.of(
                  "Name", "NAME",
                  "Description", "DESCRIPTION",
                  "DockerEndpoint", "DOCKER ENDPOINT",
                  "Error", "ERROR",
                  "Current", ""));
      row(call, listing, ContextStore.DEFAULT, CURRENT_HOST, defaultHost(), current);
      for (Context context : store().list()) {
        row(call, listing, context.name(), context.description(), context.host(), current);
      }
      listing.print();
      String host = System.getenv("DOCKER_HOST");
      if (host != null && !host.isEmpty()) {
        hostHides(call);
      }
      return 0;
    }

    /** The table marks the context in use; a template has a member for it. */
    private static void row(
        Invocation call, FormattedRows to, String name, String words, String host, String current) {
      boolean marked = name.equals(current);
      boolean table = call.text("--format").isEmpty() && !call.flag("--quiet");
      Map<String, JsonValue> cells = new LinkedHashMap<>();
      cells.put("Current", new JsonValue.Bool(marked));
      cells.put("Description", new JsonValue.Text(words));
      cells.put("DockerEndpoint", new JsonValue.Text(host));
      cells.put("Error", new JsonValue.Text(""));
      cells.put("Name", new JsonValue.Text(table && marked ? name + " *" : name));
      to.row(new JsonValue.Obj(cells));
    }
  }

  private static void hostHides(Invocation call) {
    call.console().flush();
    call.console()
        .err()
        .println(
            "Warning: DOCKER_HOST environment variable overrides the active context. To use a"
                + " context, either set the global --context flag, or unset DOCKER_HOST environment"
                + " variable.");
  }

  /** {@code context create}. */
  static final class Create implements Command {
    @Override
    public void describe(CommandSpec spec) {
      settings(spec).text("Create context from a named context", "string", "--from").words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] CONTEXT";
    }

    @Override
    public int run(Invocation call) throws IOException {
      String name = call.arguments(1).getFirst();
      ContextStore store = store();
      ContextStore.check(name);
      if (store.has(name)) {
        throw new CommandFailure(1, "context \"" + name + "\" already exists");
      }
      NewContext made = NewContext.of(call, store, defaultHost());
      store.write(name, made.meta(name), made.tls());
      done(call, name, "Successfully created context \"" + name + "\"");
      return 0;
    }
  }

  /** {@code context update}. */
  static final class Update implements Command {
    @Override
    public void describe(CommandSpec spec) {
      settings(spec).words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] CONTEXT";
    }

    @Override
    public int run(Invocation call) throws IOException {
      String name = call.arguments(1).getFirst();
      ContextStore store = store();
      ContextStore.check(name);
      NewContext changed = NewContext.changing(store.read(name), call, store, defaultHost());
      store.write(name, changed.meta(name), changed.tls());
      done(call, name, "Successfully updated context \"" + name + "\"");
      return 0;
    }
  }

  /** What a context is made of. */
  private static Options settings(CommandSpec spec) {
    return new Options(spec)
        .text("Description of the context", "string", "--description")
        .text(
            "Set the endpoint: host=ADDRESS[,ca=FILE][,cert=FILE][,key=FILE] or from=CONTEXT",
            "stringToString",
            "--docker");
  }

  private static void done(Invocation call, String name, String message) {
    call.console().out().println(name);
    call.console().flush();
    call.console().err().println(message);
  }

  /** {@code context use}. */
  static final class Use implements Command {
    @Override
    public String arguments() {
      return "CONTEXT";
    }

    @Override
    public int run(Invocation call) throws IOException {
      String name = call.arguments(1).getFirst();
      boolean none = name.equals(ContextStore.DEFAULT);
      if (!none) {
        store().read(name);
      }
      DockerConfig.load().useContext(none ? "" : name);
      done(call, name, "Current context is now \"" + name + "\"");
      String host = System.getenv("DOCKER_HOST");
      if (!none && host != null && !host.isEmpty()) {
        hostHides(call);
      }
      return 0;
    }
  }

  /** {@code context show}. */
  static final class Show implements Command {
    @Override
    public int run(Invocation call) throws IOException {
      call.arguments(0);
      call.console().out().println(choice().contextName());
      return 0;
    }
  }

  /** {@code context rm}. */
  static final class Remove implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec).flag("Force the removal of a context in use", "-f", "--force").words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] CONTEXT [CONTEXT...]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      return EachName.of(call)
          .run(name -> {
            check(name, call.flag("--force"));
            if (DockerConfig.load().content().text("currentContext").equals(name)) {
              DockerConfig.load().useContext("");
            }
            store().remove(name);
            call.console().out().println(name);
          });
    }

    private static void check(String name, boolean force) throws IOException {
      if (name.equals(ContextStore.DEFAULT)) {
        throw new CommandFailure(1, "context \"default\" cannot be removed");
      }
      if (!store().has(name) && !force) {
        throw new CommandFailure(1, "context \"" + name + "\" does not exist");
      }
      if (choice().contextName().equals(name) && !force) {
        throw new CommandFailure(
            1, "context \"" + name + "\" is in use, set -f flag to force remove");
      }
    }
  }

  /** {@code context inspect}. */
  static final class Inspect implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .text("Format output using a Go template", "string", "-f", "--format")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] [CONTEXT] [CONTEXT...]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      List<String> names =
          call.arguments().isEmpty() ? List.of(choice().contextName()) : call.arguments();
      List<JsonValue> found = new ArrayList<>();
      List<String> missing = new ArrayList<>();
      for (String name : names) {
        try {
          found.add(shown(name));
        } catch (CommandFailure e) {
          missing.add(e.getMessage());
        }
      }
      InspectCommand.print(call, found);
      if (!missing.isEmpty()) {
        throw new CommandFailure(1, String.join("\n", missing));
      }
      return 0;
    }

    private static JsonValue shown(String name) throws IOException {
      boolean none = name.equals(ContextStore.DEFAULT);
      JsonObject shown = new JsonObject();
      if (none) {
        shown.put("Name", new JsonValue.Text(name)).put("Metadata", new JsonObject().value());
        shown.put("Endpoints.docker", NewContext.endpoint(defaultHost(), false));
        shown.put("TLSMaterial", new JsonObject().value());
        return storage(shown, "<IN MEMORY>", "<IN MEMORY>");
      }
      Context context = store().read(name);
      shown.put("Name", new JsonValue.Text(name));
      shown.put("Metadata", context.meta().get("Metadata"));
      shown.put("Endpoints", context.meta().get("Endpoints"));
      List<String> files =
          List.of("ca", "cert", "key").stream()
              .filter(file -> context.tlsFile(file).isPresent())
              .map(file -> file + ".pem")
              .toList();
      shown.in("TLSMaterial").putTexts("docker", files);
      return storage(shown, context.metaFolder().toString(), context.tlsFolder().toString());
    }

    private static JsonValue storage(JsonObject shown, String meta, String tls) {
      return shown
          .put("Storage.MetadataPath", new JsonValue.Text(meta))
          .put("Storage.TLSPath", new JsonValue.Text(tls))
          .value();
    }
  }
}
