package io.slipway.cli.command;

import io.slipway.cli.client.EngineClient;
import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway version} and {@code slipway info}. */
final class SystemCommands {
  private SystemCommands() {}

  /** The version of this program, from its jar; "dev" when it runs from classes. */
  static String clientVersion() {
    String version = SystemCommands.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  private static String formatted(String format, JsonValue value) {
    return GoTemplate.parse(format.equals("json") ? "{{json .}}" : format).render(value);
  }

  /** Both sides' versions, as docker's templates see them. */
  private static JsonValue versions(JsonValue server) {
    return new JsonObject()
        .put("Client.Version", new JsonValue.Text(clientVersion()))
        .put("Client.ApiVersion", new JsonValue.Text(EngineClient.API_VERSION))
        .put("Client.APIVersion", new JsonValue.Text(EngineClient.API_VERSION))
        .put("Client.Os", new JsonValue.Text("linux"))
        .putName("Server", withOldNames(server))
        .value();
  }

  /** Templates know the versions by names that the API does not use. */
  private static JsonValue withOldNames(JsonValue server) {
    JsonObject all = new JsonObject();
    server.members().forEach(all::putName);
    return all.putName("APIVersion", server.get("ApiVersion")).value();
  }

  /** {@code slipway --version}. */
  static final class VersionLine implements Command {
    @Override
    public int run(Invocation call) {
      call.console().out().println("Slipway version " + clientVersion());
      return 0;
    }
  }

  /** {@code slipway version}. */
  static final class Version implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .text("Format output using a Go template, 'table' or 'json'", "string", "-f", "--format")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      call.arguments(0);
      PrintStream out = call.console().out();
      String format = call.text("--format");
      if (format.isEmpty()) {
        out.println("Client:");
        line(out, "Version", clientVersion());
        line(out, "API version", EngineClient.API_VERSION);
        line(out, "Java version", Runtime.version().toString());
        line(out, "OS/Arch", "linux/" + System.getProperty("os.arch").replace("x86_64", "amd64"));
        out.flush();
      }
      try (EngineResponse answer = call.client().get(Query.of("/version"))) {
        JsonValue server = answer.json();
        if (!format.isEmpty()) {
          out.println(formatted(format, versions(server)));
          return 0;
        }
        out.println("\nServer: " + server.get("Platform").text("Name"));
        line(out, "Version", server.text("Version"));
        line(
            out,
            "API version",
            server.text("ApiVersion") + " (minimum version " + server.text("MinAPIVersion") + ")");
        line(out, "OS/Arch", server.text("Os") + "/" + server.text("Arch"));
        line(out, "Kernel", server.text("KernelVersion"));
      }
      return 0;
    }

    private static void line(PrintStream out, String name, String value) {
      out.println(" " + name + ":" + " ".repeat(Math.max(1, 18 - name.length())) + value);
    }
  }

  /** {@code slipway info}. */
  static final class Info implements Command {
    private static final List<String[]> LINES =
        List.of(
            new String[] {"Containers", "Containers"},
            new String[] {" Running", "ContainersRunning"},
            new String[] {" Paused", "ContainersPaused"},
            new String[] {" Stopped", "ContainersStopped"},
            new String[] {"Images", "Images"},
            new String[] {"Server Version", "ServerVersion"},
            new String[] {"Storage Driver", "Driver"},
            new String[] {"Logging Driver", "LoggingDriver"},
            new String[] {"Cgroup Driver", "CgroupDriver"},
            new String[] {"Cgroup Version", "CgroupVersion"},
            new String[] {"Default Runtime", "DefaultRuntime"},
            new String[] {"Kernel Version", "KernelVersion"},
            new String[] {"Operating System", "OperatingSystem"},
            new String[] {"OSType", "OSType"},
            new String[] {"Architecture", "Architecture"},
            new String[] {"CPUs", "NCPU"},
            new String[] {"Total Memory", "MemTotal"},
            new String[] {"Name", "Name"},
            new String[] {"ID", "ID"},
            new String[] {"Docker Root Dir", "DockerRootDir"});

    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .text("Format output using a Go template, 'table' or 'json'", "string", "-f", "--format")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      call.arguments(0);
      PrintStream out = call.console().out();
      try (EngineResponse answer = call.client().get(Query.of("/info"))) {
        JsonValue info = answer.json();
        String format = call.text("--format");
        if (!format.isEmpty()) {
          out.println(formatted(format, info));
          return 0;
        }
        out.println("Client: Slipway\n Version:    " + clientVersion() + "\n\nServer:");
        for (String[] line : LINES) {
          String value =
              line[1].equals("MemTotal")
                  ? HumanText.binarySize(info.number(line[1]))
                  : info.text(line[1]);
          out.println(" " + line[0] + ": " + value);
        }
        for (JsonValue warning : info.get("Warnings").items()) {
          call.console().err().println(warning.text());
        }
      }
      return 0;
    }
  }

  /** {@code slipway system dial-stdio}: what a client runs on this machine through ssh. */
  static final class DialStdio implements Command {
    @Override
    public int run(Invocation call) throws IOException {
      call.arguments(0);
      call.client().relay(call.console().in(), call.console().out());
      return 0;
    }
  }
}
