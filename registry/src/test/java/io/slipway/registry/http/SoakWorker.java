package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryClient.descriptor;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.model.Digest;
import io.slipway.image.model.MediaTypes;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A client that pushes, mounts, moves and deletes as clients do, and knows what must be there: what
 * the registry accepted under a tag that only this client changes.
 */
final class SoakWorker {
  private static final int REPOSITORIES = 3;
  private static final int LAYERS = 12;
  private static final int TAGS = 5;
  private static final int ATTEMPTS = 10;

  private final RegistryClient registry;
  private final String name;
  private final Random random;

  /** Everything that must be found, by address. */
  private final Map<String, Set<String>> accepted = new HashMap<>();

  /** Tags whose last change was not answered: they may name what they did before or after it. */
  private final Set<String> unknown = new HashSet<>();

  private volatile long pushes;
  private long mounts;
  private long repeated;

  SoakWorker(RegistryClient registry, String name, long seed) {
    this.registry = registry;
    this.name = name;
    this.random = new Random(seed);
  }

  long pushes() {
    return pushes;
  }

  long mounts() {
    return mounts;
  }

  /** How often a blob was collected between its push and that of its manifest. */
  long repeated() {
    return repeated;
  }

  void step() {
    String repository = "soak/r" + random.nextInt(REPOSITORIES);
    String tag = name + "-" + random.nextInt(TAGS);
    switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> pushImage(repository, tag);
      case 4 -> pushIndex(repository, tag);
      case 5 -> pushReferrer(repository, tag);
      case 6 -> untag(repository, tag);
      case 7 -> deleteManifest(repository, tag);
      default -> verifyOne();
    }
  }

  private static String address(String repository, String reference) {
    return "/v2/" + repository + "/manifests/" + reference;
  }

  private void pushImage(String repository, String tag) {
    Set<String> needed = new HashSet<>();
    push(repository, tag, MediaTypes.OCI_MANIFEST, () -> image(repository, needed, ""), needed);
  }

  private void pushIndex(String repository, String tag) {
    Set<String> needed = new HashSet<>();
    push(
        repository,
        tag,
        MediaTypes.OCI_INDEX,
        () -> {
          needed.clear();
          List<String> children = new ArrayList<>();
          for (int i = 0; i < 2; i++) {
            byte[] child = image(repository, needed, "");
            Digest digest = Digest.of(child);
            needed.add(address(repository, digest.toString()));
            if (registry.putManifest(repository, digest.toString(), child).statusCode() != 201) {
              return new byte[0];
            }
            children.add(descriptor(MediaTypes.OCI_MANIFEST, digest, child.length));
          }
          return utf8(
              "{\"schemaVersion\":2,\"manifests\":[%s]}".formatted(String.join(",", children)));
        },
        needed);
  }

  /** A signature of what the tag names: it must be there as long as that is. */
  private void pushReferrer(String repository, String tag) {
    String subject = address(repository, tag);
    if (!accepted.containsKey(subject)) {
      return;
    }
    HttpResponse<byte[]> found = registry.get(subject);
    assertThat(found.statusCode()).isEqualTo(200);
    Set<String> needed = new HashSet<>();
    byte[] content =
        image(
            repository,
            needed,
            ",\"subject\":"
                + descriptor(
                    MediaTypes.OCI_MANIFEST, Digest.of(found.body()), found.body().length));
    Digest digest = Digest.of(content);
    if (registry.putManifest(repository, digest.toString(), content).statusCode() == 201) {
      needed.add(address(repository, digest.toString()));
      accepted.get(subject).addAll(needed);
    }
  }

  /** Makes the manifest to push. */
  private interface Maker {
    /** Pushes what the manifest names first; empty when that did not work. */
    byte[] make();
  }

  private void push(String repository, String tag, String type, Maker maker, Set<String> needed) {
    String address = address(repository, tag);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      needed.clear();
      byte[] manifest = maker.make();
      Set<String> before = accepted.remove(address);
      boolean wasUnknown = !unknown.add(address);
      HttpResponse<byte[]> pushed = registry.putManifest(repository, tag, type, manifest);
      if (pushed.statusCode() == 201) {
        pushes++;
        unknown.remove(address);
        accepted.put(address, needed);
        return;
      }
      assertThat(pushed.statusCode()).as(RegistryClient.text(pushed)).isEqualTo(400);
      if (!wasUnknown) {
        unknown.remove(address);
      }
      if (before != null) {
        accepted.put(address, before);
      }
      repeated++;
    }
    // collections came too often for this machine; what the tag named before is still there
  }

  private byte[] image(String repository, Set<String> needed, String more) {
    List<String> layers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      String text = "layer " + random.nextInt(LAYERS);
      layers.add(blob(repository, text.repeat(1_000), MediaTypes.OCI_LAYER, needed));
    }
    String config =
        blob(
            repository,
            "{\"of\":\"%s\",\"n\":%d}".formatted(name, random.nextInt(1_000_000)),
            MediaTypes.OCI_CONFIG,
            needed);
    return utf8(
        "{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]%s}"
            .formatted(config, String.join(",", layers), more));
  }

  /** As docker does: asks, mounts, uploads. */
  private String blob(String repository, String text, String type, Set<String> needed) {
    byte[] content = utf8(text);
    Digest digest = Digest.of(content);
    String address = "/v2/" + repository + "/blobs/" + digest;
    if (registry.head(address).statusCode() != 200 && !mounted(repository, digest)) {
      registry.pushBlob(repository, content);
    }
    needed.add(address);
    return descriptor(type, digest, content.length);
  }

  private boolean mounted(String repository, Digest digest) {
    String from = "soak/r" + random.nextInt(REPOSITORIES);
    HttpResponse<byte[]> answer =
        registry.send(
            "POST", "/v2/" + repository + "/blobs/uploads/?mount=" + digest + "&from=" + from);
    if (answer.statusCode() == 202) {
      registry.delete(RegistryClient.header(answer, "Location"));
      return false;
    }
    assertThat(answer.statusCode()).isEqualTo(201);
    mounts++;
    return true;
  }

  private void untag(String repository, String tag) {
    String address = address(repository, tag);
    boolean known = accepted.remove(address) != null;
    boolean sure = unknown.add(address);
    int status = registry.delete(address).statusCode();
    if (sure) {
      assertThat(status).isEqualTo(known ? 202 : 404);
    } else {
      assertThat(status).isIn(202, 404);
    }
    unknown.remove(address);
  }

  private void deleteManifest(String repository, String tag) {
    String address = address(repository, tag);
    if (accepted.remove(address) != null) {
      unknown.add(address);
      String digest = RegistryClient.header(registry.head(address), "Docker-Content-Digest");
      assertThat(registry.delete(address(repository, digest)).statusCode()).isEqualTo(202);
      unknown.remove(address);
    }
  }

  private void verifyOne() {
    if (!accepted.isEmpty()) {
      verify(List.copyOf(accepted.keySet()).get(random.nextInt(accepted.size())));
    }
  }

  void verifyAll() {
    accepted.keySet().forEach(this::verify);
  }

  private void verify(String address) {
    HttpResponse<byte[]> manifest = registry.get(address);
    assertThat(manifest.statusCode()).as(address).isEqualTo(200);
    assertThat(RegistryClient.header(manifest, "Docker-Content-Digest"))
        .isEqualTo(Digest.of(manifest.body()).toString());
    for (String needed : accepted.get(address)) {
      HttpResponse<byte[]> found = registry.get(needed);
      assertThat(found.statusCode()).as(needed + " of " + address).isEqualTo(200);
      assertThat(needed).endsWith(Digest.of(found.body()).toString());
    }
  }

  void untagAll() {
    for (String address : List.copyOf(accepted.keySet())) {
      assertThat(registry.delete(address).statusCode()).isEqualTo(202);
      accepted.remove(address);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
