package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerResponse;
import com.github.dockerjava.api.command.ExecCreateCmdResponse;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.api.model.StreamType;
import com.github.dockerjava.api.model.Volume;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docker-java against this program: it sends null for whatever is not set, filters as lists, no
 * Upgrade header when there is no input, and never ends the input it sends. Needs root.
 */
class DockerJavaIT {
  private static final String IMAGE = "busybox:latest";
  private static final String NAME = "dj-one";

  @TempDir static Path temp;
  private static SlipwayDaemon daemon;
  private static DockerClient client;

  @BeforeAll
  static void start() throws IOException {
    daemon = new SlipwayDaemon(temp.resolve("daemon"), SlipwayDaemon.Network.numbered(22));
    daemon.importBase("busybox");
    var config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost("unix://" + daemon.socket())
            .withDockerConfig(Files.createDirectory(temp.resolve("config")).toString())
            .build();
    client =
        DockerClientImpl.getInstance(
            config,
            new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build());
  }

  @AfterAll
  static void stop() throws IOException {
    client.close();
    try (SlipwayDaemon ours = daemon) {
      assertThat(Leftovers.of(ours)).isEmpty();
    }
  }

  @AfterEach
  void remove() {
    client
        .listContainersCmd()
        .withShowAll(true)
        .exec()
        .forEach(container -> client.removeContainerCmd(container.getId()).withForce(true).exec());
  }

  private static CreateContainerResponse create(String... command) {
    return client
        .createContainerCmd(IMAGE)
        .withName(NAME)
        .withCmd(command)
        .withHostConfig(HostConfig.newHostConfig().withNetworkMode("none"))
        .exec();
  }

  private static String started(String... command) {
    String id = create(command).getId();
    client.startContainerCmd(id).exec();
    return id;
  }

  /** Collects what a stream brings. */
  private static final class Collected<T> extends ResultCallback.Adapter<T> {
    final List<T> all = Collections.synchronizedList(new ArrayList<>());
    final CountDownLatch first = new CountDownLatch(1);

    @Override
    public void onNext(T item) {
      all.add(item);
      first.countDown();
    }

    void awaitFirst() throws InterruptedException {
      assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** What came on one stream: the two are pipes of their own and keep no order between them. */
  private static String text(StreamType type, Collected<Frame> frames) {
    StringBuilder text = new StringBuilder();
    frames.all.stream()
        .filter(frame -> frame.getStreamType() == type)
        .forEach(frame -> text.append(new String(frame.getPayload(), StandardCharsets.UTF_8)));
    return text.toString();
  }

  @Test
  void theSystemTellsOfItself() {
    client.pingCmd().exec();
    assertThat(client.versionCmd().exec().getOperatingSystem()).isEqualTo("linux");
    assertThat(client.infoCmd().exec().getImages()).isPositive();
    assertThat(client.listImagesCmd().exec())
        .anySatisfy(image -> assertThat(image.getRepoTags()).contains(IMAGE));
    assertThat(client.inspectImageCmd(IMAGE).exec().getOs()).isEqualTo("linux");
    assertThatThrownBy(() -> client.inspectImageCmd("nosuch").exec())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("No such image: nosuch:latest");
  }

  @Test
  void nullMeansTheDefault() {
    String id = client.createContainerCmd(IMAGE).withCmd("true").exec().getId();
    InspectContainerResponse made = client.inspectContainerCmd(id).exec();
    assertThat(made.getHostConfig().getNetworkMode()).isIn("default", "bridge");
    assertThat(made.getHostConfig().getRestartPolicy().getName()).isIn("", "no");
    assertThat(made.getHostConfig().getShmSize()).isEqualTo(64L << 20);
    assertThat(made.getState().getStatus()).isEqualTo("created");
    client.startContainerCmd(id).exec();
    assertThat(client.waitContainerCmd(id).start().awaitStatusCode()).isZero();
  }

  @Test
  void listsAreFiltered() {
    String id =
        client
            .createContainerCmd(IMAGE)
            .withName(NAME)
            .withLabels(Map.of("a", "1"))
            .withCmd("true")
            .exec()
            .getId();
    assertThat(client.listContainersCmd().exec()).isEmpty();
    assertThat(
            client.listContainersCmd().withShowAll(true).withLabelFilter(Map.of("a", "1")).exec())
        .hasSize(1);
    assertThat(
            client.listContainersCmd().withShowAll(true).withLabelFilter(Map.of("a", "2")).exec())
        .isEmpty();
    assertThat(client.listContainersCmd().withStatusFilter(Set.of("created")).exec())
        .singleElement()
        .satisfies(container -> assertThat(container.getId()).isEqualTo(id));
    assertThat(client.listContainersCmd().withShowAll(true).withNameFilter(Set.of("nosuch")).exec())
        .isEmpty();
  }

  @Test
  void statesChangeAndRefusalsAreTold() {
    String id = started("sleep", "1000");
    assertThatThrownBy(() -> client.startContainerCmd(id).exec())
        .isInstanceOf(NotModifiedException.class);
    assertThatThrownBy(() -> create("true")).isInstanceOf(ConflictException.class);
    assertThatThrownBy(() -> client.killContainerCmd(id).withSignal("BOGUS").exec())
        .isInstanceOf(BadRequestException.class);
    client.pauseContainerCmd(id).exec();
    assertThat(client.inspectContainerCmd(id).exec().getState().getPaused()).isTrue();
    client.unpauseContainerCmd(id).exec();
    client.renameContainerCmd(id).withName("dj-two").exec();
    client.updateContainerCmd(id).withMemory(64L << 20).withMemorySwap(64L << 20).exec();
    assertThat(client.inspectContainerCmd("dj-two").exec().getHostConfig().getMemory())
        .isEqualTo(64L << 20);
    assertThat(client.topContainerCmd(id).exec().getProcesses()).hasDimensions(1, 8);
    client.stopContainerCmd(id).withTimeout(0).exec();
    assertThat(client.waitContainerCmd(id).start().awaitStatusCode()).isEqualTo(137);
  }

  @Test
  void eventsAndStatsAreFollowed() throws Exception {
    try (Collected<Event> events = client.eventsCmd().exec(new Collected<>());
        Collected<Statistics> stats = new Collected<>()) {
      events.awaitStarted();
      String id = started("sleep", "1000");
      client.statsCmd(id).exec(stats);
      stats.awaitFirst();
      assertThat(stats.all.getFirst().getPidsStats().getCurrent()).isEqualTo(1);
      assertThat(stats.all.getFirst().getMemoryStats().getUsage()).isPositive();
      client.killContainerCmd(id).exec();
      client.waitContainerCmd(id).start().awaitStatusCode();
      Wait.until(() -> actions(events).contains("die"));
      assertThat(actions(events)).containsSubsequence("create", "start", "kill", "die");
      assertThat(events.all).allSatisfy(event -> assertThat(event.getTimeNano()).isPositive());
    }
  }

  private static List<String> actions(Collected<Event> events) {
    return List.copyOf(events.all).stream().map(Event::getAction).toList();
  }

  @Test
  void inputAndOutputAreStreams() throws Exception {
    String id =
        client
            .createContainerCmd(IMAGE)
            .withName(NAME)
            .withCmd("sh", "-c", "read line; echo $line; echo end >&2")
            .withStdinOpen(true)
            .withStdInOnce(true)
            .exec()
            .getId();
    Collected<Frame> attached = new Collected<>();
    InputStream input = new ByteArrayInputStream("typed\n".getBytes(StandardCharsets.UTF_8));
    client
        .attachContainerCmd(id)
        .withStdIn(input)
        .withStdOut(true)
        .withStdErr(true)
        .withFollowStream(true)
        .exec(attached)
        .awaitStarted();
    client.startContainerCmd(id).exec();
    assertThat(attached.awaitCompletion(30, TimeUnit.SECONDS)).isTrue();
    assertThat(text(StreamType.STDOUT, attached)).isEqualTo("typed\n");
    assertThat(text(StreamType.STDERR, attached)).isEqualTo("end\n");
    Collected<Frame> logs =
        client
            .logContainerCmd(id)
            .withStdOut(true)
            .withStdErr(true)
            .withFollowStream(true)
            .withTailAll()
            .exec(new Collected<>());
    assertThat(logs.awaitCompletion(30, TimeUnit.SECONDS)).isTrue();
    assertThat(text(StreamType.STDOUT, logs)).isEqualTo("typed\n");
    assertThat(text(StreamType.STDERR, logs)).isEqualTo("end\n");
  }

  @Test
  void execTakesInputAndTellsTheExitCode() throws Exception {
    String id = started("sleep", "1000");
    ExecCreateCmdResponse exec =
        client
            .execCreateCmd(id)
            .withAttachStdin(true)
            .withAttachStdout(true)
            .withAttachStderr(true)
            .withEnv(List.of("A=1"))
            .withCmd("sh", "-c", "read line; echo $A$line; exit 3")
            .exec();
    Collected<Frame> frames = new Collected<>();
    client
        .execStartCmd(exec.getId())
        .withStdIn(new ByteArrayInputStream("x\n".getBytes(StandardCharsets.UTF_8)))
        .exec(frames);
    assertThat(frames.awaitCompletion(30, TimeUnit.SECONDS)).isTrue();
    assertThat(text(StreamType.STDOUT, frames)).isEqualTo("1x\n");
    assertThat(client.inspectExecCmd(exec.getId()).exec().getExitCodeLong()).isEqualTo(3);
  }

  @Test
  void filesGoInAndOutAndAreCommitted() throws Exception {
    String id = create("true").getId();
    Path file = Files.writeString(temp.resolve("file"), "words");
    client
        .copyArchiveToContainerCmd(id)
        .withHostResource(file.toString())
        .withRemotePath("/tmp")
        .exec();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(client.copyArchiveFromContainerCmd(id, "/tmp/file").exec())) {
      assertThat(tar.getNextEntry().getName()).isEqualTo("file");
      assertThat(new String(tar.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("words");
    }
    assertThat(client.containerDiffCmd(id).exec())
        .anySatisfy(change -> assertThat(change.getPath()).isEqualTo("/tmp/file"));
    String image = client.commitCmd(id).withRepository("dj-made").withTag("1").exec();
    assertThat(client.inspectImageCmd("dj-made:1").exec().getId()).isEqualTo(image);
    client.removeImageCmd("dj-made:1").exec();
  }

  @Test
  void anImageIsBuiltPushedAndPulled() throws Exception {
    Path context = Files.createDirectory(temp.resolve("context"));
    Files.writeString(context.resolve("Dockerfile"), "FROM busybox\nARG A\nRUN echo $A >/made\n");
    try (RegistryProcess registry = RegistryProcess.ours(temp.resolve("registry"))) {
      String name = registry.name() + "/made";
      String id =
          client
              .buildImageCmd(context.toFile())
              .withBuildArg("A", "argued")
              .withTags(Set.of(name + ":1"))
              .start()
              .awaitImageId(60, TimeUnit.SECONDS);
      assertThat(client.inspectImageCmd(name + ":1").exec().getId()).contains(id);
      assertThat(
              client.pushImageCmd(name).withTag("1").start().awaitCompletion(60, TimeUnit.SECONDS))
          .isTrue();
      client.removeImageCmd(name + ":1").exec();
      assertThat(
              client.pullImageCmd(name).withTag("1").start().awaitCompletion(60, TimeUnit.SECONDS))
          .isTrue();
      assertThat(client.inspectImageCmd(name + ":1").exec().getId()).contains(id);
      try (InputStream saved = client.saveImageCmd(name).withTag("1").exec()) {
        byte[] archive = saved.readAllBytes();
        client.removeImageCmd(name + ":1").exec();
        client.loadImageCmd(new ByteArrayInputStream(archive)).exec();
      }
      client.removeImageCmd(name + ":1").exec();
    }
  }

  @Test
  void networksAndVolumesAreMade() {
    String network =
        client.createNetworkCmd().withName("dj-net").withCheckDuplicate(true).exec().getId();
    client.createVolumeCmd().withName("dj-vol").withLabels(Map.of("a", "1")).exec();
    String id =
        client
            .createContainerCmd(IMAGE)
            .withName(NAME)
            .withCmd("sleep", "1000")
            .withAliases("other")
            .withExposedPorts(ExposedPort.tcp(80))
            .withHostConfig(
                HostConfig.newHostConfig()
                    .withNetworkMode(network)
                    .withPortBindings(new Ports(ExposedPort.tcp(80), Ports.Binding.empty()))
                    .withBinds(new Bind("dj-vol", new Volume("/v"))))
            .exec()
            .getId();
    client.startContainerCmd(id).exec();
    InspectContainerResponse is = client.inspectContainerCmd(id).exec();
    assertThat(is.getNetworkSettings().getNetworks().get("dj-net").getAliases()).contains("other");
    assertThat(is.getNetworkSettings().getPorts().getBindings().get(ExposedPort.tcp(80)))
        .anySatisfy(binding -> assertThat(binding.getHostPortSpec()).matches("\\d+"));
    assertThat(is.getMounts())
        .singleElement()
        .satisfies(mount -> assertThat(mount.getDestination().getPath()).isEqualTo("/v"));
    assertThat(client.listNetworksCmd().withIdFilter(network).exec()).hasSize(1);
    client.disconnectFromNetworkCmd().withContainerId(id).withNetworkId(network).exec();
    client.connectToNetworkCmd().withContainerId(id).withNetworkId(network).exec();
    client.removeContainerCmd(id).withForce(true).exec();
    client.removeNetworkCmd(network).exec();
    client.removeVolumeCmd("dj-vol").exec();
    assertThat(client.listVolumesCmd().withFilter("label", List.of("a=1")).exec().getVolumes())
        .isNullOrEmpty();
  }
}
