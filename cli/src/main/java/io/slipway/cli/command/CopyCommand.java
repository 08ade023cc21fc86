package io.slipway.cli.command;

import io.slipway.cli.client.EngineClient;
import io.slipway.cli.client.EngineException;
import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway cp}: between a container and this machine, or a tar stream. */
final class CopyCommand implements Command {
  private static final long GO_DIRECTORY = 1L << 31;
  private static final long GO_SYMLINK = 1L << 27;
  private static final int MAX_LINKS = 40;

  @Override
  public void describe(CommandSpec spec) {
    new Options(spec)
        .flag("Archive mode (copy all uid/gid information)", "-a", "--archive")
        .flag("Always follow symbol link in SRC_PATH", "-L", "--follow-link")
        .flag("Suppress progress output during copy", "-q", "--quiet")
        .words();
  }

  @Override
  public String arguments() {
    return "[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-  or  SRC_PATH|- CONTAINER:DEST_PATH";
  }

  /** A word of the command line: a container's path, or one of this machine. */
  private record Side(Optional<String> container, String path) {
    static Side of(String word) {
      int colon = word.indexOf(':');
      if (word.startsWith("/") || colon <= 0 || word.startsWith(".")) {
        return new Side(Optional.empty(), word);
      }
      return new Side(Optional.of(word.substring(0, colon)), word.substring(colon + 1));
    }
  }

  @Override
  public int run(Invocation call) throws IOException {
    List<String> words = call.arguments(2);
    Side from = Side.of(words.getFirst());
    Side to = Side.of(words.getLast());
    if (words.contains("")) {
      throw new CommandFailure(1, "source or destination can not be empty");
    }
    if (from.container().isPresent() && to.container().isPresent()) {
      throw new CommandFailure(1, "copying between containers is not supported");
    }
    if (from.container().isEmpty() && to.container().isEmpty()) {
      throw new CommandFailure(1, "must specify at least one container source");
    }
    long bytes =
        from.container().isPresent()
            ? out(call, from.container().get(), from.path(), to.path())
            : in(call, from.path(), to.container().get(), to.path());
    if (call.console().terminalOut() && !call.flag("--quiet") && bytes >= 0) {
      call.console()
          .err()
          .println("Successfully copied " + HumanText.size(bytes) + " to " + words.getLast());
    }
    return 0;
  }

  private static Query archive(String container, String path) {
    return Query.of("/containers/" + Query.segment(container) + "/archive").with("path", path);
  }

  private static JsonValue stat(EngineResponse answer) throws IOException {
    byte[] json = Base64.getDecoder().decode(answer.header("x-docker-container-path-stat"));
    return JsonValue.read(new ByteArrayInputStream(json));
  }

  /** What is at a path in a container; empty if nothing. */
  private static Optional<JsonValue> stat(EngineClient client, String container, String path)
      throws IOException {
    try (EngineResponse answer = client.head(archive(container, path))) {
      return Optional.of(stat(answer));
    } catch (EngineException e) {
      // docker too leaves it to the copy itself to say what is wrong
      return Optional.empty();
    }
  }

  private static boolean isDirectory(JsonValue stat) {
    return (stat.number("mode") & GO_DIRECTORY) != 0;
  }

  private static boolean isLink(JsonValue stat) {
    return (stat.number("mode") & GO_SYMLINK) != 0;
  }

  private static String absolute(String path) {
    return path.startsWith("/") ? path : "/" + path;
  }

  private static long out(Invocation call, String container, String path, String local)
      throws IOException {
    EngineClient client = call.client();
    boolean toStream = local.equals("-");
    if (toStream && call.console().terminalOut()) {
      throw new CommandFailure(
          1, "refusing to write an archive to a terminal: redirect, or give a file");
    }
    String source = absolute(path);
    Path parent = Path.of(local).toAbsolutePath().normalize().getParent();
    if (!toStream && parent != null && !Files.isDirectory(parent)) {
      throw new CommandFailure(
          1, "invalid output path: directory \"" + parent + "\" does not exist");
    }
    String name = CopyPath.of(source).base();
    if (call.flag("--follow-link")) {
      Optional<JsonValue> found = stat(client, container, source);
      if (found.isPresent() && isLink(found.get())) {
        source = linkTarget(source, found.get());
      }
    }
    try (EngineResponse answer = client.get(archive(container, source))) {
      if (toStream) {
        answer.body().transferTo(call.console().out());
        return -1;
      }
      Path destination = Path.of(local);
      CopyPath.End end =
          new CopyPath.End(
              local,
              Files.exists(destination, LinkOption.NOFOLLOW_LINKS),
              Files.isDirectory(destination));
      CopyPath.Target target =
          CopyPath.target(new CopyPath.End(source, true, isDirectory(stat(answer))), end);
      String called = target.name().isEmpty() && !name.equals(".") ? name : target.name();
      Path directory = Path.of(target.directory()).toRealPath();
      return LocalUntar.extract(answer.body(), directory, called.equals("/") ? "" : called);
    }
  }

  private static String linkTarget(String link, JsonValue stat) {
    String target = stat.text("linkTarget");
    return target.startsWith("/")
        ? target
        : Path.of(link).resolveSibling(target).normalize().toString();
  }

  private static long in(Invocation call, String local, String container, String path)
      throws IOException {
    EngineClient client = call.client();
    String destination = absolute(path);
    Optional<JsonValue> found = stat(client, container, destination);
    for (int i = 0; found.isPresent() && isLink(found.get()); i++) {
      if (i == MAX_LINKS) {
        throw new CommandFailure(1, "too many links at " + destination);
      }
      destination = linkTarget(destination, found.get());
      found = stat(client, container, destination);
    }
    boolean directory = found.isPresent() && isDirectory(found.get());
    if (local.equals("-")) {
      if (!directory) {
        throw new CommandFailure(
            1, "destination \"" + container + ":" + path + "\" must be a directory");
      }
      put(call, container, destination, out -> call.console().in().transferTo(out));
      return -1;
    }
    return tree(
        call, local, container, new CopyPath.End(destination, found.isPresent(), directory));
  }

  private static long tree(
      Invocation call, String local, String container, CopyPath.End destination)
      throws IOException {
    Path source = Path.of(local);
    boolean follow = call.flag("--follow-link") || CopyPath.assertsDirectory(local);
    LinkOption[] links = follow ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    if (!Files.exists(source, links)) {
      throw new CommandFailure(
          1, "lstat " + source.toAbsolutePath() + ": no such file or directory");
    }
    boolean directory = Files.isDirectory(source, links);
    if (!directory && local.endsWith("/")) {
      throw new CommandFailure(1, "not a directory");
    }
    CopyPath.Target target = CopyPath.target(new CopyPath.End(local, true, directory), destination);
    String base = CopyPath.of(source.toAbsolutePath().toString()).base();
    String name =
        target.name().isEmpty()
            ? local.equals(".") || local.endsWith("/.") ? "." : base
            : target.name();
    long[] bytes = new long[1];
    put(
        call,
        container,
        target.directory(),
        out ->
            LocalTar.write(
                source,
                name,
                follow,
                new java.io.FilterOutputStream(out) {
                  @Override
                  public void write(byte[] buffer, int offset, int length) throws IOException {
                    bytes[0] += length;
                    out.write(buffer, offset, length);
                  }
                }));
    return bytes[0];
  }

  private static void put(
      Invocation call, String container, String directory, EngineClient.BodyWriter body)
      throws IOException {
    Query query = archive(container, directory).with("noOverwriteDirNonDir", "true");
    if (call.flag("--archive")) {
      query = query.with("copyUIDGID", "true");
    }
    call.client().stream("PUT", query, Map.of("Content-Type", "application/x-tar"), body).close();
  }
}
