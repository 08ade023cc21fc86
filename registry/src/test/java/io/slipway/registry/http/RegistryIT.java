package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryFixture.header;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipway.image.model.MediaTypes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real clients: skopeo, buildah, and docker with its daemon. */
class RegistryIT {
  @TempDir Path folder;
  private RegistryFixture registry;
  private OciLayout image;

  @BeforeEach
  void open() throws Exception {
    registry = RegistryFixture.open(folder.resolve("root"));
    image = OciLayout.write(folder.resolve("layout"), 3, 200_000);
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private String run(String... command) throws Exception {
    return ClientCommand.run(folder, command);
  }

  private String remote(String nameAndTag) {
    return "docker://" + registry.address() + "/" + nameAndTag;
  }

  @Test
  void skopeoCopiesInspectsListsAndDeletes() throws Exception {
    String remote = remote("it/app:1");
    run("skopeo", "copy", "--dest-tls-verify=false", image.toString(), remote);
    run("skopeo", "copy", "--dest-tls-verify=false", image.toString(), remote("it/app:2"));
    String inspect = run("skopeo", "inspect", "--tls-verify=false", remote);
    assertThat(new ObjectMapper().readTree(inspect).at("/Layers")).hasSize(3);
    String raw = run("skopeo", "inspect", "--raw", "--tls-verify=false", remote);
    assertThat(raw).contains(MediaTypes.OCI_MANIFEST);
    String tags = run("skopeo", "list-tags", "--tls-verify=false", remote("it/app"));
    assertThat(new ObjectMapper().readTree(tags).at("/Tags")).hasSize(2);
    Path back = folder.resolve("back");
    run("skopeo", "copy", "--src-tls-verify=false", remote, "oci:" + back + ":image");
    for (Path blob : blobs(folder.resolve("layout"))) {
      assertThat(back.resolve("blobs/sha256").resolve(blob.getFileName()))
          .hasSameBinaryContentAs(blob);
    }
    run("skopeo", "delete", "--tls-verify=false", remote);
    String gone = ClientCommand.fail(folder, "skopeo", "inspect", "--tls-verify=false", remote);
    assertThat(gone).contains("manifest unknown");
  }

  private static List<Path> blobs(Path layout) throws Exception {
    try (var files = Files.list(layout.resolve("blobs/sha256"))) {
      return files.toList();
    }
  }

  @Test
  void skopeoConvertsToDockerAndMountsAcrossRepositories() throws Exception {
    String first = remote("it/docker:1");
    run("skopeo", "copy", "--format", "v2s2", "--dest-tls-verify=false", image.toString(), first);
    assertThat(header(registry.head("/v2/it/docker/manifests/1"), "Content-Type"))
        .isEqualTo(MediaTypes.DOCKER_MANIFEST);
    run(
        "skopeo",
        "copy",
        "--src-tls-verify=false",
        "--dest-tls-verify=false",
        first,
        remote("it/second:1"));
    assertThat(registry.get("/v2/it/second/manifests/1").body())
        .isEqualTo(registry.get("/v2/it/docker/manifests/1").body());
    run("skopeo", "copy", "--src-tls-verify=false", first, "dir:" + folder.resolve("dir"));
    run(
        "skopeo",
        "copy",
        "--dest-tls-verify=false",
        "dir:" + folder.resolve("dir"),
        remote("it/third:1"));
  }

  @Test
  void buildahPushesAndPulls() throws Exception {
    Path store = folder.resolve("buildah");
    String[] base = {
      "buildah", "--root", store + "/root", "--runroot", store + "/run", "--storage-driver", "vfs"
    };
    String id = last(run(with(base, "pull", image.toString())));
    run(with(base, "push", "--tls-verify=false", id, remote("it/buildah:1")));
    run(with(base, "rmi", id));
    String again =
        last(run(with(base, "pull", "--tls-verify=false", registry.address() + "/it/buildah:1")));
    assertThat(again).isEqualTo(id);
  }

  private static String last(String output) {
    List<String> lines = output.strip().lines().toList();
    return lines.getLast();
  }

  private static String[] with(String[] base, String... more) {
    String[] all = java.util.Arrays.copyOf(base, base.length + more.length);
    System.arraycopy(more, 0, all, base.length, more.length);
    return all;
  }

  @Test
  void dockerdPushesPullsAndLogsIn() throws Exception {
    Path archive = folder.resolve("image.tar");
    run("skopeo", "copy", image.toString(), "docker-archive:" + archive + ":app:1");
    try (DockerDaemon daemon = DockerDaemon.start(folder.resolve("d"))) {
      daemon.docker("load", "-i", archive.toString());
      String id = daemon.docker("inspect", "-f", "{{.Id}}", "app:1").strip();
      String remote = registry.address() + "/it/docker:1";
      daemon.docker("tag", "app:1", remote);
      assertThat(daemon.docker("push", remote)).contains("Pushed");
      assertThat(daemon.docker("push", remote)).contains("Layer already exists");
      String mounted = registry.address() + "/it/elsewhere:1";
      daemon.docker("tag", "app:1", mounted);
      assertThat(daemon.docker("push", mounted)).contains("Mounted from it/docker");
      daemon.docker("rmi", "app:1", remote, mounted);
      daemon.docker("pull", remote);
      assertThat(daemon.docker("inspect", "-f", "{{.Id}}", remote).strip()).isEqualTo(id);
      restartWithPasswords();
      String secured = registry.address() + "/it/docker:1";
      daemon.docker("login", "-u", "ann", "-p", "secret", registry.address().toString());
      daemon.docker("tag", remote, secured);
      daemon.docker("rmi", remote, secured);
      daemon.docker("pull", secured);
      assertThat(daemon.docker("inspect", "-f", "{{.Id}}", secured).strip()).isEqualTo(id);
    }
  }

  private void restartWithPasswords() throws Exception {
    byte[] salt = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    Path users = folder.resolve("users");
    Files.writeString(
        users, "ann:" + OpenBSDBCrypt.generate("2y", "secret".toCharArray(), salt, 5) + "\n");
    registry.close();
    registry =
        RegistryFixture.open(folder.resolve("root"), Map.of("auth.htpasswd", users.toString()));
  }
}
