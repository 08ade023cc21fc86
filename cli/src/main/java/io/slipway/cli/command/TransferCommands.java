package io.slipway.cli.command;

import io.slipway.cli.client.EngineClient;
import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** Images in and out of the daemon: pull, push, save, load, import. */
final class TransferCommands {
  private TransferCommands() {}

  private static int report(Invocation call, EngineResponse answer, boolean quiet)
      throws IOException {
    var quietOut = new java.io.PrintStream(OutputStream.nullOutputStream());
    TransferProgress progress =
        new TransferProgress(quiet ? quietOut : call.console().out(), call.console().terminalOut());
    answer.eachJson(progress);
    if (!progress.error().isEmpty()) {
      throw new CommandFailure(1, progress.error());
    }
    return 0;
  }

  /** Pulls an image; shared with {@code run}, which pulls what is missing. */
  static void pull(
      Invocation call, EngineClient client, String image, String platform, boolean quiet)
      throws IOException {
    ImageName name = ImageName.parse(image);
    Query query =
        Query.of("/images/create")
            .with("fromImage", name.repository())
            .with("tag", name.tag())
            .ifPresent("platform", platform);
    pull(call, client, image, query, quiet);
  }

  private static void pull(
      Invocation call, EngineClient client, String image, Query query, boolean quiet)
      throws IOException {
    Map<String, String> auth = Map.of("X-Registry-Auth", DockerConfig.load().header(image));
    try (EngineResponse answer = client.post(query, auth)) {
      report(call, answer, quiet);
    }
  }

  /** {@code slipway pull}. */
  static final class Pull implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .flag("Download all tagged images in the repository", "-a", "--all-tags")
          .text("Set platform if server is multi-platform capable", "string", "--platform")
          .flag("Suppress verbose output", "-q", "--quiet")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] NAME[:TAG|@DIGEST]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      String image = call.arguments(1).getFirst();
      if (call.flag("--all-tags")) {
        pullAll(call, image);
      } else {
        pullOne(call, image);
      }
      call.console().out().println(image);
      return 0;
    }

    private static void pullAll(Invocation call, String image) throws IOException {
      ImageName name = ImageName.parse(image);
      if (!image.equals(name.repository())) {
        throw new CommandFailure(1, "tag can't be used with --all-tags/-a");
      }
      Query query =
          Query.of("/images/create")
              .with("fromImage", name.repository())
              .ifPresent("platform", call.text("--platform"));
      pull(call, call.client(), image, query, call.flag("--quiet"));
    }

    private static void pullOne(Invocation call, String image) throws IOException {
      if (ImageName.parse(image).tag().equals("latest") && !image.endsWith(":latest")) {
        call.console().out().println("Using default tag: latest");
      }
      pull(call, call.client(), image, call.text("--platform"), call.flag("--quiet"));
    }
  }

  /** {@code slipway push}. */
  static final class Push implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .flag("Push all tags of an image to the repository", "-a", "--all-tags")
          .flag("Suppress verbose output", "-q", "--quiet")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] NAME[:TAG]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      String image = call.arguments(1).getFirst();
      ImageName name = ImageName.parse(image);
      Query query = Query.of("/images/" + Query.segment(name.repository()) + "/push");
      if (!call.flag("--all-tags")) {
        query = query.with("tag", name.tag());
      }
      Map<String, String> auth = Map.of("X-Registry-Auth", DockerConfig.load().header(image));
      try (EngineResponse answer = call.client().post(query, auth)) {
        return report(call, answer, call.flag("--quiet"));
      }
    }
  }

  /** {@code slipway save}. */
  static final class Save implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .text("Write to a file, instead of STDOUT", "string", "-o", "--output")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] IMAGE [IMAGE...]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      Query query = Query.of("/images/get");
      for (String image : call.someArguments()) {
        query = query.with("names", image);
      }
      String file = call.text("--output");
      if (file.isEmpty() && call.console().terminalOut()) {
        throw new UsageException(
            "cowardly refusing to save to a terminal. Use the -o flag or redirect");
      }
      try (EngineResponse answer = call.client().get(query)) {
        if (file.isEmpty()) {
          answer.body().transferTo(call.console().out());
        } else {
          writeWhole(answer.body(), Path.of(file));
        }
      }
      return 0;
    }

    /** The file appears when it is complete; a broken transfer leaves none. */
    static void writeWhole(InputStream in, Path file) throws IOException {
      Path directory = file.toAbsolutePath().getParent();
      Path part = Files.createTempFile(directory, "." + file.getFileName(), ".part");
      try {
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    }
  }

  /** {@code slipway load}. */
  static final class Load implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .text("Read from tar archive file, instead of STDIN", "string", "-i", "--input")
          .flag("Suppress the load output", "-q", "--quiet")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      call.arguments(0);
      String file = call.text("--input");
      if (file.isEmpty() && call.console().terminalIn()) {
        throw new UsageException("requested load from stdin, but stdin is empty");
      }
      Query query = Query.of("/images/load").flag("quiet", call.flag("--quiet"));
      try (EngineResponse answer = send(call, query, file.isEmpty() ? "-" : file)) {
        return report(call, answer, false);
      }
    }
  }

  /** {@code slipway import}. */
  static final class Import implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .list("Apply Dockerfile instruction to the created image", "list", "-c", "--change")
          .text("Set commit message for imported image", "string", "-m", "--message")
          .text("Set platform if server is multi-platform capable", "string", "--platform")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] file|- [REPOSITORY[:TAG]]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      List<String> words = call.someArguments();
      if (words.size() > 2) {
        throw new UsageException("\"slipway import\" requires at most 2 arguments");
      }
      Query query =
          Query.of("/images/create")
              .with("fromSrc", "-")
              .ifPresent("message", call.text("--message"))
              .ifPresent("platform", call.text("--platform"));
      if (words.size() == 2) {
        ImageName name = ImageName.parse(words.get(1));
        query = query.with("repo", name.repository()).with("tag", name.tag());
      }
      for (String change : call.list("--change")) {
        query = query.with("changes", change);
      }
      try (EngineResponse answer = send(call, query, words.getFirst())) {
        return report(call, answer, false);
      }
    }
  }

  /** Posts a file, or standard input for "-". */
  private static EngineResponse send(Invocation call, Query query, String file) throws IOException {
    Map<String, String> headers = Map.of("Content-Type", "application/x-tar");
    if (file.equals("-")) {
      return call.client().stream("POST", query, headers, call.console().in()::transferTo);
    }
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return call.client().stream("POST", query, headers, in::transferTo);
    } catch (NoSuchFileException e) {
      throw new CommandFailure(1, "open " + file + ": no such file or directory");
    }
  }
}
