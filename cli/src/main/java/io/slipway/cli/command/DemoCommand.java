package io.slipway.cli.command;

import io.slipway.cli.client.EngineClient;
import io.slipway.cli.client.EngineException;
import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code slipway demo}: builds two samples, pushes them to a registry of its own, removes them,
 * pulls them back and runs them; every step is a command that the user could type, printed before
 * it runs.
 */
final class DemoCommand implements Command {
  @Override
  public int run(Invocation call) throws IOException, InterruptedException {
    call.arguments(0);
    String launcher = System.getProperty("slipway.launcher");
    if (launcher == null) {
      throw new CommandFailure(1, "demo: start it as ./slipway demo from a checkout");
    }
    Path samples = Path.of(launcher).resolveSibling("samples");
    DemoSteps steps = new DemoSteps(call, launcher);
    EngineClient client = call.client();
    for (String base : List.of("busybox", "debian")) {
      if (!exists(client, base)) {
        String tar = steps.baseImage(samples, base);
        steps.slipway("import the " + base + " base image", "import", tar, base + ":latest");
      }
    }
    Path data = Files.createTempDirectory("slipway-demo-registry");
    int port = freePort();
    String registry = "localhost:" + port;
    try (DemoRegistry server = DemoRegistry.start(launcher, port, data)) {
      steps.say("a registry listens on " + registry + " (pid " + server.pid() + ")");
      for (String sample : List.of("hello", "web")) {
        String image = registry + "/samples/" + sample + ":1";
        String folder = samples.resolve(sample).toString();
        steps.slipway("build " + sample, "build", "-t", image, folder);
        steps.slipway("push " + sample, "push", image);
        steps.slipway("remove " + sample + " here", "rmi", image);
        steps.slipway("pull " + sample, "pull", image);
      }
      steps.slipway("run hello", "run", "--rm", registry + "/samples/hello:1");
      serveWeb(steps, registry + "/samples/web:1");
    } finally {
      deleteTree(data);
    }
    steps.summary();
    return 0;
  }

  private static void serveWeb(DemoSteps steps, String image)
      throws IOException, InterruptedException {
    int port = freePort();
    String name = "slipway-demo-web-" + ProcessHandle.current().pid();
    String publish = "127.0.0.1:" + port + ":8080";
    steps.slipway("run web", "run", "-d", "--rm", "--name", name, "-p", publish, image);
    try {
      String url = "http://127.0.0.1:" + port + "/";
      Instant begin = Instant.now();
      String page = fetch(url);
      steps.did("fetch " + url, Duration.between(begin, Instant.now()));
      steps.output(page);
    } finally {
      steps.slipway("stop web", "stop", "-t", "2", name);
    }
  }

  /** The server inside needs a moment after the container's start. */
  private static String fetch(String url) throws IOException, InterruptedException {
    IOException last = null;
    for (int attempt = 0; attempt < 100; attempt++) {
      try (InputStream in = URI.create(url).toURL().openStream()) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        last = e;
        Thread.sleep(50);
      }
    }
    throw new IOException(url + " did not answer: " + last.getMessage(), last);
  }

  private static boolean exists(EngineClient client, String image) throws IOException {
    try (EngineResponse answer = client.get(Query.of("/images/" + image + "/json"))) {
      return answer.status() == 200;
    } catch (EngineException e) {
      if (e.status() == 404) {
        return false;
      }
      throw e;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void deleteTree(Path root) throws IOException {
    List<Path> all = new ArrayList<>();
    try (var tree = Files.walk(root)) {
      tree.forEach(all::add);
    }
    for (Path path : all.reversed()) {
      Files.delete(path);
    }
  }
}
