package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryFixture.assertError;
import static io.slipway.registry.http.RegistryFixture.header;
import static io.slipway.registry.http.RegistryFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.model.Digest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListHttpTest {
  private static final Pattern LINK = Pattern.compile("<([^>]*)>; rel=\"next\"");

  @TempDir Path folder;
  private RegistryFixture registry;

  @BeforeEach
  void open() {
    registry = RegistryFixture.open(folder);
  }

  @AfterEach
  void close() {
    registry.close();
  }

  /** The address of the next page, or null. */
  static String next(HttpResponse<?> page) {
    String link = header(page, "Link");
    if (link == null) {
      return null;
    }
    Matcher match = LINK.matcher(link);
    assertThat(match.matches()).as(link).isTrue();
    return match.group(1);
  }

  private static List<String> items(HttpResponse<byte[]> page, String field) {
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(header(page, "Content-Type")).isEqualTo("application/json");
    List<String> items = new ArrayList<>();
    assertThat(json(page).at("/" + field).isArray()).isTrue();
    json(page).at("/" + field).forEach(item -> items.add(item.asText()));
    return items;
  }

  private List<String> follow(String target, String field) {
    List<String> all = new ArrayList<>();
    for (String page = target; page != null; ) {
      HttpResponse<byte[]> answer = registry.get(page);
      all.addAll(items(answer, field));
      page = next(answer);
    }
    return all;
  }

  @Test
  void tagsPageByPage() {
    byte[] manifest = registry.imageManifest("t/a", "x", "");
    List<String> tags = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      tags.add("v" + i);
    }
    registry.putManifest(
        "t/a", Digest.of(manifest) + "?tag=" + String.join("&tag=", tags), manifest);
    HttpResponse<byte[]> all = registry.get("/v2/t/a/tags/list");
    assertThat(json(all).at("/name").asText()).isEqualTo("t/a");
    assertThat(items(all, "tags")).isEqualTo(tags);
    assertThat(next(all)).isNull();
    for (int n : new int[] {1, 2, 3, 4}) {
      HttpResponse<byte[]> first = registry.get("/v2/t/a/tags/list?n=" + n);
      assertThat(items(first, "tags")).hasSize(n);
      assertThat(next(first)).isEqualTo("/v2/t/a/tags/list?n=" + n + "&last=" + tags.get(n - 1));
      assertThat(follow("/v2/t/a/tags/list?n=" + n, "tags")).isEqualTo(tags);
    }
    for (String n : new String[] {"5", "6", "99999999999"}) {
      HttpResponse<byte[]> whole = registry.get("/v2/t/a/tags/list?n=" + n);
      assertThat(items(whole, "tags")).isEqualTo(tags);
      assertThat(next(whole)).isNull();
    }
    HttpResponse<byte[]> none = registry.get("/v2/t/a/tags/list?n=0");
    assertThat(items(none, "tags")).isEmpty();
    assertThat(next(none)).isNull();
    assertThat(items(registry.get("/v2/t/a/tags/list?last=v2"), "tags"))
        .containsExactly("v3", "v4");
    assertThat(items(registry.get("/v2/t/a/tags/list?last=v25"), "tags"))
        .containsExactly("v3", "v4");
    assertThat(items(registry.get("/v2/t/a/tags/list?last=zzz"), "tags")).isEmpty();
    assertError(registry.get("/v2/t/a/tags/list?n=-1"), 400, "PAGINATION_NUMBER_INVALID");
    assertError(registry.get("/v2/t/a/tags/list?n=x"), 400, "PAGINATION_NUMBER_INVALID");
  }

  @Test
  void repositoryWithoutTagsHasAnEmptyListAndAnUnknownOneNone() {
    registry.pushBlob("bare", new byte[] {1});
    assertThat(items(registry.get("/v2/bare/tags/list"), "tags")).isEmpty();
    assertError(registry.get("/v2/none/tags/list"), 404, "NAME_UNKNOWN");
    assertError(registry.send("POST", "/v2/none/tags/list"), 405, "UNSUPPORTED");
  }

  @Test
  void catalog() {
    assertThat(items(registry.get("/v2/_catalog"), "repositories")).isEmpty();
    List<String> names = List.of("a", "a/b", "b", "c");
    names.forEach(name -> registry.pushBlob(name, new byte[] {1}));
    assertThat(items(registry.get("/v2/_catalog"), "repositories")).isEqualTo(names);
    HttpResponse<byte[]> first = registry.get("/v2/_catalog?n=2");
    assertThat(items(first, "repositories")).containsExactly("a", "a/b");
    assertThat(next(first)).isEqualTo("/v2/_catalog?n=2&last=a/b");
    assertThat(follow("/v2/_catalog?n=1", "repositories")).isEqualTo(names);
    assertThat(items(registry.get("/v2/_catalog?n=100000"), "repositories")).isEqualTo(names);
    assertThat(items(registry.get("/v2/_catalog?n=0"), "repositories")).isEmpty();
    assertError(registry.get("/v2/_catalog?n=q"), 400, "PAGINATION_NUMBER_INVALID");
  }

  @Test
  void extensions() {
    assertThat(RegistryClient.text(registry.get("/v2/_oci/ext/discover")))
        .contains("\"_oci/ext/discover\"", "\"_catalog\"");
    assertThat(RegistryClient.text(registry.get("/v2/a/_oci/ext/discover")))
        .contains("\"_oci/ext/discover\"")
        .doesNotContain("_catalog");
    assertError(registry.send("POST", "/v2/_oci/ext/discover"), 405, "UNSUPPORTED");
  }
}
