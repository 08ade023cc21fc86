package io.slipway.registry.http;

import io.slipway.image.model.Bytes;
import io.slipway.image.model.Manifest;
import io.slipway.image.model.MediaTypes;
import io.slipway.registry.mirror.Mirror;
import io.slipway.registry.mirror.Mirrors;
import io.slipway.registry.store.ErrorCode;
import io.slipway.registry.store.ManifestPush;
import io.slipway.registry.store.ManifestRecord;
import io.slipway.registry.store.ManifestReference;
import io.slipway.registry.store.RegistryFault;
import io.slipway.registry.store.RepositoryManifests;
import io.slipway.registry.store.StoredManifest;
import io.vertx.core.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Reading, pushing and deleting manifests and tags (end-3, end-7, end-9). */
final class ManifestEndpoint {
  private static final int TOO_LARGE = 413;
  private static final int URI_TOO_LONG = 414;
  private static final int MAX_TAGS = 100;

  private final RepositoryManifests manifests;
  private final Mirrors mirrors;

  ManifestEndpoint(RepositoryManifests manifests, Mirrors mirrors) {
    this.manifests = manifests;
    this.mirrors = mirrors;
  }

  /** The answer if memory has all that it needs; never blocks. */
  Optional<Answer> answerNow(Exchange exchange, Route.Manifest route) {
    if (!isRead(exchange) || mayBeOutdated(route)) {
      return Optional.empty();
    }
    return manifests
        .cached(route.repository(), route.reference())
        .filter(manifest -> !isForOldClient(exchange, route, manifest))
        .map(manifest -> found(exchange, manifest));
  }

  private boolean mayBeOutdated(Route.Manifest route) {
    Optional<Mirror> mirror = mirrors.of(route.repository());
    return mirror.isPresent() && !mirror.get().isCurrent(route.reference());
  }

  Answer answer(Exchange exchange, Route.Manifest route) throws IOException {
    if (isRead(exchange)) {
      Optional<Mirror> mirror = mirrors.of(route.repository());
      if (mirror.isPresent()) {
        mirror.get().bring(route.reference());
      }
      StoredManifest manifest = manifests.require(route.repository(), route.reference());
      return found(
          exchange,
          isForOldClient(exchange, route, manifest)
              ? manifests.imageOf(route.repository(), manifest)
              : manifest);
    }
    if (exchange.method() == HttpMethod.PUT) {
      return push(exchange, route);
    }
    manifests.delete(route.repository(), route.reference());
    return Answer.of(202);
  }

  private static boolean isRead(Exchange exchange) {
    return exchange.method() == HttpMethod.GET || exchange.isHead();
  }

  /** Only a tag leads an old client to an index; a digest names exactly what it wants. */
  private static boolean isForOldClient(
      Exchange exchange, Route.Manifest route, StoredManifest manifest) {
    return route.reference() instanceof ManifestReference.ByTag
        && MediaTypes.isIndex(manifest.record().mediaType())
        && AcceptedTypes.of(exchange.headers(Headers.ACCEPT)).wantsImageOfIndex();
  }

  private static Answer found(Exchange exchange, StoredManifest manifest) {
    String digest = manifest.record().digest().toString();
    boolean unchanged = EntityTags.unchanged(exchange.header(Headers.IF_NONE_MATCH), digest);
    Answer answer =
        Answer.of(unchanged ? 304 : 200)
            .header(Headers.CONTENT_TYPE, manifest.record().mediaType())
            .header(Headers.CONTENT_DIGEST, digest)
            .header(Headers.ETAG, '"' + digest + '"');
    return unchanged ? answer : answer.body(new AnswerBody.InMemory(manifest.content()));
  }

  private Answer push(Exchange exchange, Route.Manifest route) throws IOException {
    List<String> tags =
        exchange.query().all("tag").stream()
            .map(tag -> new ManifestReference.ByTag(tag).tag())
            .toList();
    if (tags.size() > MAX_TAGS) {
      throw RegistryFault.withStatus(
          ErrorCode.TAG_INVALID, URI_TOO_LONG, "more than " + MAX_TAGS + " tags in one request");
    }
    String contentType = exchange.header(Headers.CONTENT_TYPE);
    ManifestRecord pushed =
        manifests.push(
            new ManifestPush(
                route.repository(),
                route.reference(),
                contentType == null ? "" : MediaTypes.withoutParameters(contentType),
                readWhole(exchange.body()),
                tags,
                EntityTags.condition(
                    exchange.header(Headers.IF_MATCH), exchange.header(Headers.IF_NONE_MATCH))));
    Answer answer =
        Answer.of(201)
            .header(Headers.LOCATION, Addresses.manifest(route.repository(), pushed.digest()))
            .header(Headers.CONTENT_DIGEST, pushed.digest().toString());
    pushed.subject().ifPresent(s -> answer.header(Headers.OCI_SUBJECT, s.toString()));
    if (!tags.isEmpty()) {
      answer.header(Headers.OCI_TAG, String.join(", ", tags));
    }
    return answer;
  }

  private static Bytes readWhole(RequestBody body) throws IOException {
    if (body.declaredLength().orElse(0) > Manifest.MAX_BYTES) {
      throw tooLarge();
    }
    ByteArrayOutputStream content = new ByteArrayOutputStream(8 << 10);
    for (ByteBuffer piece = body.next(); piece != null; piece = body.next()) {
      if (content.size() + piece.remaining() > Manifest.MAX_BYTES) {
        throw tooLarge();
      }
      byte[] bytes = new byte[piece.remaining()];
      piece.get(bytes);
      content.write(bytes);
    }
    return Bytes.copyOf(content.toByteArray());
  }

  private static RegistryFault tooLarge() {
    return RegistryFault.withStatus(
        ErrorCode.SIZE_INVALID,
        TOO_LARGE,
        "manifests may have at most " + Manifest.MAX_BYTES + " bytes");
  }
}
