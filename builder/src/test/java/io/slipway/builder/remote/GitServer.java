package io.slipway.builder.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/** Repositories of a folder by HTTP, through git's own {@code http-backend}. */
public final class GitServer implements AutoCloseable {
  private final Path folder;
  private final String login;
  private final HttpServer server;
  private final List<String> logins = Collections.synchronizedList(new ArrayList<>());

  /**
   * @param login the Authorization that is asked for; empty for none
   */
  public GitServer(Path folder, String login) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.login = login;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /** The URL of a repository. */
  public String url(String name) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + name + ".git";
  }

  /** Every Authorization that was sent; empty texts for requests without. */
  public List<String> logins() {
    return List.copyOf(logins);
  }

  /** A work tree whose {@link #publish} makes the served repository. */
  public Path work(String name) throws Exception {
    Path work = Files.createDirectories(folder.resolve(name + "-work"));
    git(work, "init", "-q", "-b", "main");
    return work;
  }

  /** Commits all files and serves them, tags too. */
  public String publish(String name, String message) throws Exception {
    Path work = folder.resolve(name + "-work");
    git(work, "add", "-A");
    git(work, "commit", "-q", "-m", message);
    Path served = folder.resolve(name + ".git");
    if (!Files.exists(served)) {
      git(folder, "init", "-q", "--bare", "-b", "main", served.toString());
    }
    git(work, "push", "-q", "--all", served.toString());
    git(work, "push", "-q", "--tags", served.toString());
    return git(work, "rev-parse", "HEAD");
  }

  /** Runs the program in a directory. */
  public static String git(Path directory, String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("git", "-c", "user.name=n", "-c", "user.email=e"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.redirectErrorStream(true);
    Process git = builder.start();
    String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).as(command + ": " + output).isZero();
    return output.strip();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String sent = exchange.getRequestHeaders().getFirst("Authorization");
    logins.add(sent == null ? "" : sent);
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (!login.isEmpty() && !login.equals(sent)) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
      exchange.sendResponseHeaders(401, -1);
      exchange.close();
      return;
    }
    try {
      serve(exchange, body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  private void serve(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
    var builder = new ProcessBuilder("git", "http-backend");
    Map<String, String> environment = builder.environment();
    environment.put("GIT_PROJECT_ROOT", folder.toString());
    environment.put("GIT_HTTP_EXPORT_ALL", "1");
    environment.put("GIT_CONFIG_COUNT", "1");
    environment.put("GIT_CONFIG_KEY_0", "safe.directory");
    environment.put("GIT_CONFIG_VALUE_0", "*");
    environment.put("REQUEST_METHOD", exchange.getRequestMethod());
    environment.put("PATH_INFO", exchange.getRequestURI().getPath());
    String query = exchange.getRequestURI().getRawQuery();
    environment.put("QUERY_STRING", query == null ? "" : query);
    copy(exchange, "Content-Type", environment, "CONTENT_TYPE");
    copy(exchange, "Content-Encoding", environment, "HTTP_CONTENT_ENCODING");
    copy(exchange, "Git-Protocol", environment, "GIT_PROTOCOL");
    environment.put("CONTENT_LENGTH", Integer.toString(body.length));
    Process backend = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Thread.startVirtualThread(() -> {
      try (var in = backend.getOutputStream()) {
        in.write(body);
      } catch (IOException e) {
        // it has read what it wants: its answer tells the rest
        return;
      }
    });
    InputStream out = backend.getInputStream();
    int status = 200;
    for (String line = line(out); !line.isEmpty(); line = line(out)) {
      String[] header = line.split(": ", 2);
      if (header[0].equals("Status")) {
        status = Integer.parseInt(header[1].split(" ")[0]);
      } else {
        exchange.getResponseHeaders().set(header[0], header[1]);
      }
    }
    byte[] answer = out.readAllBytes();
    exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    backend.waitFor();
  }

  private static void copy(
      HttpExchange exchange, String header, Map<String, String> environment, String variable) {
    String value = exchange.getRequestHeaders().getFirst(header);
    if (value != null) {
      environment.put(variable, value);
    }
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
