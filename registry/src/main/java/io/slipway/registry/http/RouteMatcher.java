package io.slipway.registry.http;

import io.slipway.registry.store.Digests;
import io.slipway.registry.store.ErrorCode;
import io.slipway.registry.store.ManifestReference;
import io.slipway.registry.store.RegistryFault;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.UploadId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Turns a raw request path into a {@link Route}. A repository name may itself contain the words
 * blobs, manifests, tags, uploads and referrers, so the path is matched from the right; and it is
 * split before percent-decoding, so that an encoded slash never changes the route.
 */
final class RouteMatcher {
  private static final String ROOT = "/v2";
  private static final List<String> DISCOVER = List.of("_oci", "ext", "discover");

  private RouteMatcher() {}

  /**
   * @param rawPath the path as it came, without the query
   * @throws RegistryFault when no address matches or a part of it is malformed
   */
  static Route match(String rawPath) {
    if (rawPath.equals(ROOT) || rawPath.equals(ROOT + "/")) {
      return new Route.ApiVersion();
    }
    if (!rawPath.startsWith(ROOT + "/")) {
      return service(rawPath);
    }
    List<String> parts = Arrays.asList(rawPath.substring(ROOT.length() + 1).split("/", -1));
    if (parts.size() == 1 && parts.getFirst().equals("_catalog")) {
      return new Route.Catalog();
    }
    return parts.size() < 3 ? unmatched() : matchFromRight(parts);
  }

  /** What is beside the distribution API. */
  private static Route service(String path) {
    return switch (path) {
      case "/token" -> new Route.Token();
      case "/token/jwks" -> new Route.TokenKeys();
      case "/healthz", "/healthz/ready" -> new Route.Health(true);
      case "/healthz/live" -> new Route.Health(false);
      default -> unmatched();
    };
  }

  private static Route matchFromRight(List<String> parts) {
    int count = parts.size();
    String last = parts.get(count - 1);
    String action = parts.get(count - 2);
    String before = parts.get(count - 3);
    if (parts.subList(count - DISCOVER.size(), count).equals(DISCOVER)) {
      return new Route.Extensions(
          count == DISCOVER.size() ? Optional.empty() : Optional.of(name(parts, DISCOVER.size())));
    }
    if (action.equals("tags") && last.equals("list")) {
      return new Route.TagList(name(parts, 2));
    }
    if (action.equals("manifests")) {
      RepositoryName name = name(parts, 2);
      return new Route.Manifest(name, ManifestReference.parse(Percent.decode(last)));
    }
    if (action.equals("referrers")) {
      RepositoryName name = name(parts, 2);
      return new Route.Referrers(name, Digests.parse(Percent.decode(last)));
    }
    if (action.equals("uploads") && before.equals("blobs")) {
      RepositoryName name = name(parts, 3);
      return last.isEmpty()
          ? new Route.Uploads(name)
          : new Route.Upload(name, UploadId.tryParse(last));
    }
    if (action.equals("blobs")) {
      RepositoryName name = name(parts, 2);
      return last.equals("uploads")
          ? new Route.Uploads(name)
          : new Route.Blob(name, Digests.parse(Percent.decode(last)));
    }
    return unmatched();
  }

  /** The name made of all parts but the last {@code dropped}. */
  private static RepositoryName name(List<String> parts, int dropped) {
    List<String> name = parts.subList(0, parts.size() - dropped);
    if (name.isEmpty()) {
      throw unknownAddress();
    }
    for (String part : name) {
      if (part.indexOf('%') >= 0 && Percent.decode(part).indexOf('/') >= 0) {
        throw RegistryFault.of(ErrorCode.NAME_INVALID, "invalid repository name");
      }
    }
    return new RepositoryName(Percent.decode(String.join("/", name)));
  }

  private static Route unmatched() {
    throw unknownAddress();
  }

  private static RegistryFault unknownAddress() {
    return RegistryFault.withStatus(
        ErrorCode.UNSUPPORTED, 404, "no such address in the registry API");
  }
}
