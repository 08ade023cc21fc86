package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import io.slipway.cli.daemon.DaemonPaths;
import java.io.IOException;
import java.util.ArrayList;
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
      Listing listing = new Listing("Name", "Description", "DockerEndpoint", "Error");
      row(call, listing, ContextStore.DEFAULT, CURRENT_HOST, defaultHost(), current);
      for (Context context : store().list()) {
        row(call, listing, context.name(), context.description(), context.host(), current);
      }
      listing.print(
          call.flag("--quiet") ? "{{.Name}}" : call.text("--format"), call.console().out());
      String host = System.getenv("DOCKER_HOST");
      if (host != null && !host.isEmpty()) {
        hostHides(call);
      }
      return 0;
    }

    /** The table marks the context in use; a template has a member for it. */
    private static void row(
        Invocation call, Listing to, String name, String words, String host, String current) {
      boolean marked = name.equals(current);
      boolean table = call.text("--format").isEmpty() && !call.flag("--quiet");
      to.row(
          "Name",
          table && marked ? name + " *" : name,
          "Description",
          words,
          "DockerEndpoint",
          host,
          "Error",
          "",
          "Current",
          Boolean.toString(marked));
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
      new Options(spec)
          .text("Description of the context", "string", "--description")
          .text(
              "Set the endpoint: host=ADDRESS[,ca=FILE][,cert=FILE][,key=FILE] or from=CONTEXT",
              "stringToString",
              "--docker")
          .text("Create context from a named context", "string", "--from")
          .words();
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

  private static void done(Invocation call, String name, String message) {
    call.console().out().println(name);
    call.console().flush();
    call.console().err().println(message);
  }

  /** {@code context use}. */
  static final class Use implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec).words();
    }

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
    public void describe(CommandSpec spec) {
      new Options(spec).words();
    }

    @Override
    public String arguments() {
      return "";
    }

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
      List<String> refusals = new ArrayList<>();
      for (String name : call.someArguments()) {
        Optional<String> refusal = refusal(name, call.flag("--force"));
        if (refusal.isPresent()) {
          refusals.add(refusal.get());
          continue;
        }
        if (DockerConfig.load().content().text("currentContext").equals(name)) {
          DockerConfig.load().useContext("");
        }
        store().remove(name);
        call.console().out().println(name);
      }
      if (refusals.isEmpty()) {
        return 0;
      }
      throw new CommandFailure(1, String.join("\n", refusals));
    }

    private static Optional<String> refusal(String name, boolean force) throws IOException {
      if (name.equals(ContextStore.DEFAULT)) {
        return Optional.of("context \"default\" cannot be removed");
      }
      if (!store().has(name)) {
        return force ? Optional.empty() : Optional.of("context \"" + name + "\" does not exist");
      }
      boolean used = choice().contextName().equals(name);
      return used && !force
          ? Optional.of("context \"" + name + "\" is in use, set -f flag to force remove")
          : Optional.empty();
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
