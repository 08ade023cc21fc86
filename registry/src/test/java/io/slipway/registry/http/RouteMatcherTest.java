package io.slipway.registry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.registry.store.ErrorCode;
import io.slipway.registry.store.RegistryFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteMatcherTest {
  private static final String HEX = "0123456789abcdef".repeat(4);
  private static final String DIGEST = "sha256:" + HEX;
  private static final String ID = "01234567-89ab-cdef-0123-456789abcdef";

  private static String describe(Route route) {
    return switch (route) {
      case Route.ApiVersion v -> "version";
      case Route.Catalog c -> "catalog";
      case Route.Extensions e -> "extensions" + e.within().map(name -> " of " + name).orElse("");
      case Route.Blob b -> "blob of " + b.repository();
      case Route.Manifest m -> "manifest " + m.reference() + " of " + m.repository();
      case Route.Uploads u -> "uploads of " + u.repository();
      case Route.Upload u -> "upload of " + u.repository() + (u.id().isEmpty() ? " bad" : "");
      case Route.TagList t -> "tags of " + t.repository();
      case Route.Referrers r -> "referrers in " + r.repository();
      case Route.Token t -> "token";
      case Route.TokenKeys k -> "token keys";
      case Route.Health h -> h.ready() ? "ready" : "live";
    };
  }

  @ParameterizedTest
  @CsvSource({
    "/v2, version",
    "/token, token",
    "/token/jwks, token keys",
    "/healthz, ready",
    "/healthz/ready, ready",
    "/healthz/live, live",
    "/v2/, version",
    "/v2/_catalog, catalog",
    "/v2/_oci/ext/discover, extensions",
    "/v2/a/b/_oci/ext/discover, extensions of a/b",
    "/v2/a/blobs/DIGEST, blob of a",
    "/v2/a/b/c/blobs/DIGEST, blob of a/b/c",
    "/v2/a/manifests/latest, manifest latest of a",
    "/v2/a/blobs/uploads/, uploads of a",
    "/v2/a/blobs/uploads, uploads of a",
    "/v2/a/blobs/uploads/ID, upload of a",
    "/v2/a/blobs/uploads/xyz, upload of a bad",
    "/v2/a/tags/list, tags of a",
    "/v2/a/referrers/DIGEST, referrers in a",
    "/v2/manifests/manifests/manifests, manifest manifests of manifests",
    "/v2/a/manifests/tags/list, tags of a/manifests",
    "/v2/a/tags/list/manifests/list, manifest list of a/tags/list",
    "/v2/a/blobs/uploads/manifests/uploads, manifest uploads of a/blobs/uploads",
    "/v2/blobs/uploads/blobs/uploads/, uploads of blobs/uploads",
    "/v2/a/referrers/blobs/DIGEST, blob of a/referrers",
    "/v2/%61/manifests/la%74est, manifest latest of a",
    "/v2/a/blobs/sha256%3AHEX, blob of a",
  })
  void matchesFromTheRight(String path, String expected) {
    String real = path.replace("DIGEST", DIGEST).replace("HEX", HEX).replace("ID", ID);
    assertThat(describe(RouteMatcher.match(real))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "'', UNSUPPORTED, 404",
    "/, UNSUPPORTED, 404",
    "/v1/, UNSUPPORTED, 404",
    "/v2x, UNSUPPORTED, 404",
    "/v2/a, UNSUPPORTED, 404",
    "/v2/manifests/latest, UNSUPPORTED, 404",
    "/v2/blobs/uploads/, UNSUPPORTED, 404",
    "/v2/_catalog/x/y, UNSUPPORTED, 404",
    "/v2/_oci/ext, UNSUPPORTED, 404",
    "/v2/A/_oci/ext/discover, NAME_INVALID, 400",
    "/v2//manifests/latest, NAME_INVALID, 400",
    "/v2/a//b/manifests/latest, NAME_INVALID, 400",
    "/v2/a/../b/manifests/latest, NAME_INVALID, 400",
    "/v2/a/%2e%2e/b/manifests/latest, NAME_INVALID, 400",
    "/v2/a%2fb/manifests/latest, NAME_INVALID, 400",
    "/v2/A/manifests/latest, NAME_INVALID, 400",
    "/v2/_catalog/tags/list, NAME_INVALID, 400",
    "/v2/a/manifests/, TAG_INVALID, 400",
    "/v2/a/manifests/a%2fb, TAG_INVALID, 400",
    "/v2/a/manifests/%00, TAG_INVALID, 400",
    "/v2/a/manifests/sha256:zz, DIGEST_INVALID, 400",
    "/v2/a/blobs/latest, DIGEST_INVALID, 400",
    "/v2/a/referrers/latest, DIGEST_INVALID, 400",
  })
  void refuses(String path, ErrorCode code, int status) {
    assertThatThrownBy(() -> RouteMatcher.match(path))
        .isInstanceOfSatisfying(
            RegistryFault.class,
            fault -> {
              assertThat(fault.code()).isEqualTo(code);
              assertThat(fault.status()).isEqualTo(status);
            });
  }

  @Test
  void longNamesAreRefused() {
    assertThatThrownBy(() -> RouteMatcher.match("/v2/" + "a".repeat(400) + "/tags/list"))
        .isInstanceOfSatisfying(
            RegistryFault.class, fault -> assertThat(fault.status()).isEqualTo(400));
  }
}
