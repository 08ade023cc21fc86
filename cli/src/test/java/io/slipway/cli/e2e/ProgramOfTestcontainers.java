package io.slipway.cli.e2e;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.Image;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.output.OutputFrame;
import org.testcontainers.containers.output.ToStringConsumer;
import org.testcontainers.containers.output.WaitingConsumer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.images.builder.Transferable;

/**
 * A program as people write it with Testcontainers, which finds its engine by DOCKER_HOST. Prints a
 * line for each thing that worked; ends with an exception at the first that did not.
 */
final class ProgramOfTestcontainers {
  private static final String IMAGE = "busybox:latest";

  private final Path folder;

  private ProgramOfTestcontainers(Path folder) {
    this.folder = folder;
  }

  /** The argument is a folder for files. */
  public static void main(String[] words) throws Exception {
    ProgramOfTestcontainers program = new ProgramOfTestcontainers(Path.of(words[0]));
    program.withNetwork();
    logs();
    health();
    built();
    cleanUp();
  }

  private static void same(Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new AssertionError("expected <" + expected + "> but got <" + found + ">");
    }
  }

  private static void worked(String what) {
    System.out.println(what);
  }

  private void withNetwork() throws Exception {
    try (Network network = Network.newNetwork();
        GenericContainer<?> server = new GenericContainer<>(IMAGE)) {
      server
          .withCopyToContainer(Transferable.of("hello"), "/www/index.html")
          .withCommand("httpd", "-f", "-p", "8080", "-h", "/www")
          .withExposedPorts(8080)
          .withNetwork(network)
          .withNetworkAliases("web")
          .withLabel("role", "server")
          .waitingFor(Wait.forListeningPort())
          .start();
      worked("port");
      same("hello", page(server));
      worked("http");
      alias(network);
      exec(server);
      files(server);
    }
  }

  private static String page(GenericContainer<?> server) throws Exception {
    URI page = URI.create("http://" + server.getHost() + ":" + server.getMappedPort(8080) + "/");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private static void alias(Network network) {
    try (GenericContainer<?> client = new GenericContainer<>(IMAGE)) {
      client
          .withNetwork(network)
          .withCommand("wget", "-q", "-O", "-", "http://web:8080/")
          .withStartupCheckStrategy(
              new OneShotStartupCheckStrategy().withTimeout(Duration.ofSeconds(30)))
          .start();
      same("hello", client.getLogs(OutputFrame.OutputType.STDOUT));
    }
    worked("alias");
  }

  private static void exec(GenericContainer<?> server) throws Exception {
    ExecResult result =
        server.execInContainer("sh", "-c", "cat /www/index.html; echo no >&2; exit 3");
    same("hello", result.getStdout());
    same("no\n", result.getStderr());
    same(3, result.getExitCode());
    worked("exec");
  }

  private void files(GenericContainer<?> server) throws Exception {
    Path given = Files.writeString(folder.resolve("given"), "from the host");
    server.copyFileToContainer(
        org.testcontainers.utility.MountableFile.forHostPath(given), "/in/there");
    same("from the host", server.execInContainer("cat", "/in/there").getStdout());
    Path taken = folder.resolve("taken");
    server.copyFileFromContainer("/www/index.html", taken.toString());
    same("hello", Files.readString(taken));
    worked("files");
  }

  private static void logs() throws TimeoutException {
    WaitingConsumer waiting = new WaitingConsumer();
    ToStringConsumer all = new ToStringConsumer();
    try (GenericContainer<?> talker = new GenericContainer<>(IMAGE)) {
      talker
          .withCommand("sh", "-c", "echo first; echo ready; for i in 1 2 3; do echo $i; done; cat")
          .withLogConsumer(waiting.andThen(all))
          .waitingFor(Wait.forLogMessage(".*ready.*\\n", 1))
          .withCreateContainerCmdModifier(ProgramOfTestcontainers::keepInput)
          .start();
      waiting.waitUntil(frame -> frame.getUtf8String().contains("3"), 30, TimeUnit.SECONDS);
    }
    waiting.waitUntilEnd(30, TimeUnit.SECONDS);
    same("first\nready\n1\n2\n3\n", all.toUtf8String());
    worked("logs");
  }

  private static void keepInput(CreateContainerCmd create) {
    create.withStdinOpen(true);
  }

  private static void health() {
    HealthCheck check =
        new HealthCheck()
            .withTest(List.of("CMD-SHELL", "test -e /well"))
            .withInterval(TimeUnit.MILLISECONDS.toNanos(100));
    try (GenericContainer<?> patient = new GenericContainer<>(IMAGE)) {
      patient
          .withCommand("sh", "-c", "sleep 0.3; touch /well; sleep 1000")
          .withCreateContainerCmdModifier(create -> create.withHealthcheck(check))
          .waitingFor(Wait.forHealthcheck())
          .start();
      same(true, patient.isHealthy());
    }
    worked("health");
  }

  private static void built() throws IOException, InterruptedException {
    ImageFromDockerfile image =
        new ImageFromDockerfile()
            .withFileFromString("words", "built\n")
            .withDockerfileFromBuilder(
                file -> file.from(IMAGE).copy("words", "/words").cmd("cat", "/words").build());
    try (GenericContainer<?> container = new GenericContainer<>(image)) {
      container.withStartupCheckStrategy(new OneShotStartupCheckStrategy()).start();
      same("built\n", container.getLogs());
    }
    worked("build");
  }

  /** What the resource reaper does when a program's session has ended, left to this one. */
  private static void cleanUp() {
    DockerClient client = DockerClientFactory.lazyClient();
    Map<String, String> session =
        Map.of(DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL, DockerClientFactory.SESSION_ID);
    GenericContainer<?> left = new GenericContainer<>(IMAGE);
    left.withCommand("sleep", "1000").withNetwork(Network.newNetwork()).start();
    same(1, containers(client, session).size());
    for (Container container : containers(client, session)) {
      client.removeContainerCmd(container.getId()).withForce(true).withRemoveVolumes(true).exec();
    }
    client
        .listNetworksCmd()
        .withFilter("label", List.of(label()))
        .exec()
        .forEach(network -> client.removeNetworkCmd(network.getId()).exec());
    for (Image image : client.listImagesCmd().withLabelFilter(session).exec()) {
      client.removeImageCmd(image.getId()).withForce(true).exec();
    }
    same(List.of(), containers(client, session));
    same(List.of(), client.listNetworksCmd().withFilter("label", List.of(label())).exec());
    same(List.of(), client.listImagesCmd().withLabelFilter(session).exec());
    worked("clean");
  }

  private static List<Container> containers(DockerClient client, Map<String, String> session) {
    return client.listContainersCmd().withShowAll(true).withLabelFilter(session).exec();
  }

  private static String label() {
    return DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL
        + "="
        + DockerClientFactory.SESSION_ID;
  }
}
