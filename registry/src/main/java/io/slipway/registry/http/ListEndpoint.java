package io.slipway.registry.http;

import io.slipway.image.model.Descriptor;
import io.slipway.image.model.MediaTypes;
import io.slipway.registry.auth.Authorizer;
import io.slipway.registry.mirror.Mirror;
import io.slipway.registry.mirror.Mirrors;
import io.slipway.registry.store.ErrorCode;
import io.slipway.registry.store.MetadataStore;
import io.slipway.registry.store.Page;
import io.slipway.registry.store.ReferrerList;
import io.slipway.registry.store.RegistryFault;
import io.slipway.registry.store.RepositoryName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Lists of tags, repositories and referrers, page by page (end-8, the catalog, end-12). */
final class ListEndpoint {
  private static final int MAX_TAGS = 10_000;
  private static final int DEFAULT_REPOSITORIES = 100;
  private static final int MAX_REPOSITORIES = 1_000;
  private static final int MAX_REFERRERS = 1_000;

  private final MetadataStore metadata;
  private final ReferrerList referrers;
  private final Authorizer authorizer;
  private final Mirrors mirrors;

  ListEndpoint(
      MetadataStore metadata, ReferrerList referrers, Authorizer authorizer, Mirrors mirrors) {
    this.metadata = metadata;
    this.referrers = referrers;
    this.authorizer = authorizer;
    this.mirrors = mirrors;
  }

  Answer tags(Exchange exchange, Route.TagList route) throws IOException {
    Query query = exchange.query();
    int limit = Math.min(query.count("n").orElse(MAX_TAGS), MAX_TAGS);
    String after = query.first("last").orElse("");
    RepositoryName repository = route.repository();
    List<String> found = tags(repository, new Page(limit + 1, after));
    if (found.isEmpty() && !isKnown(repository)) {
      throw RegistryFault.of(ErrorCode.NAME_UNKNOWN, "repository unknown", repository.value());
    }
    boolean more = found.size() > limit;
    List<String> tags = more ? found.subList(0, limit) : found;
    Answer answer = Answer.of(200).json(JsonBodies.tags(repository, tags));
    return more && limit > 0
        ? next(answer, Addresses.tags(repository), limit, tags.getLast(), "")
        : answer;
  }

  private boolean isKnown(RepositoryName repository) {
    return metadata.repositories().exists(repository) || mirrors.of(repository).isPresent();
  }

  /** Of a mirror, those of its upstream, here or not. */
  private List<String> tags(RepositoryName repository, Page page) throws IOException {
    Optional<Mirror> mirror = mirrors.of(repository);
    Optional<List<String>> there =
        mirror.isPresent() ? mirror.get().tags() : Optional.<List<String>>empty();
    return there.isEmpty()
        ? metadata.tags().list(repository, page)
        : there.get().stream()
            .filter(tag -> tag.compareTo(page.after()) > 0)
            .limit(page.limit())
            .toList();
  }

  /** Only what the caller may pull. */
  Answer catalog(Exchange exchange) {
    Query query = exchange.query();
    int limit = Math.min(query.count("n").orElse(DEFAULT_REPOSITORIES), MAX_REPOSITORIES);
    String after = query.first("last").orElse("");
    Predicate<RepositoryName> mayKnow = authorizer.visible(exchange.access());
    List<RepositoryName> visible = new ArrayList<>();
    boolean atEnd = false;
    while (visible.size() <= limit && !atEnd) {
      List<RepositoryName> found = metadata.repositories().list(new Page(limit + 1, after));
      found.stream().filter(mayKnow).forEach(visible::add);
      atEnd = found.size() <= limit;
      after = found.isEmpty() ? after : found.getLast().value();
    }
    boolean more = visible.size() > limit;
    List<RepositoryName> page = more ? visible.subList(0, limit) : visible;
    Answer answer = Answer.of(200).json(JsonBodies.catalog(page));
    return more && limit > 0
        ? next(answer, Addresses.catalog(), limit, page.getLast().value(), "")
        : answer;
  }

  /** As the distribution-spec's {@code _oci} extension wants it. */
  static Answer extensions(Route.Extensions route) {
    JsonBodies.Extension discovery =
        new JsonBodies.Extension(
            "_oci", "what there is beside the distribution-spec", "_oci/ext/discover");
    JsonBodies.Extension catalog =
        new JsonBodies.Extension("_catalog", "names of repositories, page by page", "_catalog");
    return Answer.of(200)
        .json(
            JsonBodies.extensions(
                route.within().isEmpty() ? List.of(catalog, discovery) : List.of(discovery)));
  }

  Answer referrers(Exchange exchange, Route.Referrers route) throws IOException {
    Query query = exchange.query();
    int limit = Math.min(query.count("n").orElse(MAX_REFERRERS), MAX_REFERRERS);
    String after = query.first("last").orElse("");
    String type = query.first("artifactType").orElse("");
    List<Descriptor> found = referrers(route, type, new Page(limit + 1, after));
    boolean more = found.size() > limit;
    List<Descriptor> page = more ? found.subList(0, limit) : found;
    Answer answer =
        Answer.of(200)
            .header(Headers.CONTENT_TYPE, MediaTypes.OCI_INDEX)
            .body(new AnswerBody.InMemory(JsonBodies.referrers(page)));
    if (!type.isEmpty()) {
      answer.header(Headers.FILTERS_APPLIED, "artifactType");
    }
    return more && limit > 0
        ? next(
            answer,
            Addresses.referrers(route.repository(), route.subject()),
            limit,
            page.getLast().digest().toString(),
            type.isEmpty() ? "" : "&artifactType=" + Percent.encode(type))
        : answer;
  }

  /** Of a mirror, those at its upstream, here or not. */
  private List<Descriptor> referrers(Route.Referrers route, String type, Page page)
      throws IOException {
    Optional<Mirror> mirror = mirrors.of(route.repository());
    Optional<List<Descriptor>> there =
        mirror.isPresent()
            ? mirror.get().referrers(route.subject())
            : Optional.<List<Descriptor>>empty();
    return there.isPresent()
        ? ReferrerList.page(there.get(), type, page)
        : referrers.list(route.repository(), route.subject(), type, page);
  }

  private static Answer next(Answer answer, String address, int n, String last, String more) {
    String target = address + "?n=" + n + "&last=" + Percent.encode(last) + more;
    return answer.header(Headers.LINK, "<" + target + ">; rel=\"next\"");
  }
}
