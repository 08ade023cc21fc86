package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryFixture.descriptor;
import static io.slipway.registry.http.RegistryFixture.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.model.Digest;
import io.slipway.image.model.MediaTypes;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Four stored types, by tag and by digest, asked for by every form of Accept: what is stored is
 * served, but for an index by tag to whoever names images only.
 */
class AcceptMatrixTest {
  /** By the letters that stand for them in the table. */
  private static final Map<String, String> TYPES =
      Map.of(
          "m", MediaTypes.OCI_MANIFEST,
          "i", MediaTypes.OCI_INDEX,
          "M", MediaTypes.DOCKER_MANIFEST,
          "I", MediaTypes.DOCKER_INDEX);

  @TempDir static Path folder;
  private static final Map<String, Digest> STORED = new HashMap<>();
  private static RegistryFixture registry;
  private static Digest child;

  @BeforeAll
  static void push() {
    registry = RegistryFixture.open(folder);
    Digest config = registry.pushBlob("a", utf8("{}"));
    for (String type : List.of("m", "M", "i", "I")) {
      boolean image = type.equalsIgnoreCase("m");
      String body =
          image
              ? "\"config\":" + descriptor(MediaTypes.OCI_CONFIG, config, 2) + ",\"layers\":[]"
              : "\"manifests\":[%s]".formatted(entry(STORED.get("m")));
      byte[] manifest =
          utf8("{\"schemaVersion\":2,\"mediaType\":\"%s\",%s}".formatted(TYPES.get(type), body));
      // tags of manifests differ in more than case
      HttpResponse<byte[]> pushed = registry.putManifest("a", tag(type), TYPES.get(type), manifest);
      assertThat(pushed.statusCode()).as(RegistryFixture.text(pushed)).isEqualTo(201);
      STORED.put(type, Digest.of(manifest));
    }
    child = STORED.get("m");
  }

  private static String entry(Digest image) {
    return descriptor(MediaTypes.OCI_MANIFEST, image, 1)
        .replaceFirst("}$", ",\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}}");
  }

  private static String tag(String type) {
    return (TYPES.get(type).contains("docker") ? "docker-" : "oci-")
        + (type.equalsIgnoreCase("m") ? "image" : "index");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @AfterAll
  static void close() {
    registry.close();
  }

  /** Headers between bars, in which a letter in brackets stands for a type. */
  @ParameterizedTest
  @CsvSource({
    "none,                                stored",
    "*/*,                                 stored",
    "application/*,                       stored",
    "application/json,                    stored",
    "text/html,                           stored",
    "[m],                                 image",
    "[M],                                 image",
    "[m]|[M],                             image",
    "'[m], [M]',                          image",
    "'[M];q=0.5, [m];q=1',                image",
    "'[m], application/json',             image",
    "'[m], */*;q=0',                      image",
    "'[m], [i];q=0',                      image",
    "[i],                                 stored",
    "[I],                                 stored",
    "[i]|[m],                             stored",
    "'[m],[M],[i],[I]',                   stored",
    "'[m], */*;q=0.1',                    stored",
    "'[m] ; charset=utf-8 , [I] ; q=0.1', stored",
    "'[M]|*/*',                           stored",
    "',',                                 stored"
  })
  void everyFormOfAccept(String accept, String wanted) {
    List<String> headers = new ArrayList<>();
    if (!accept.equals("none")) {
      for (String header : accept.split("\\|")) {
        headers.add("Accept");
        headers.add(spelledOut(header));
      }
    }
    String[] all = headers.toArray(String[]::new);
    TYPES.forEach((letter, type) -> {
      Digest stored = STORED.get(letter);
      boolean replaced = wanted.equals("image") && letter.equalsIgnoreCase("i");
      String byTag = "/v2/a/manifests/" + tag(letter);
      answers(byTag, all, replaced ? child : stored, replaced ? MediaTypes.OCI_MANIFEST : type);
      answers("/v2/a/manifests/" + stored, all, stored, type);
    });
  }

  private static String spelledOut(String header) {
    String text = header;
    for (Map.Entry<String, String> type : TYPES.entrySet()) {
      text = text.replace("[" + type.getKey() + "]", type.getValue());
    }
    return text;
  }

  private static void answers(String target, String[] accept, Digest digest, String type) {
    for (String method : List.of("GET", "HEAD")) {
      HttpResponse<byte[]> answer = registry.send(method, target, new byte[0], accept);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(header(answer, "Docker-Content-Digest")).as(target).isEqualTo(digest.toString());
      assertThat(header(answer, "Content-Type")).isEqualTo(type);
    }
  }
}
