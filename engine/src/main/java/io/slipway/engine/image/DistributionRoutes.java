package io.slipway.engine.image;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.http.Route;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.Manifest;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import io.slipway.image.remote.CredentialSource;
import io.slipway.image.remote.FoundImage;
import io.slipway.image.remote.RegistryAuthHeader;
import io.slipway.image.remote.RegistryClient;
import io.slipway.image.remote.RegistryConnections;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** What registries know: {@code /distribution/{name}/json} and {@code /images/search}. */
public final class DistributionRoutes {
  private static final Set<String> SEARCH_FILTERS = Set.of("is-automated", "is-official", "stars");
  private static final int DEFAULT_LIMIT = 25;
  private static final int MAX_LIMIT = 100;

  private final RegistryConnections registries;

  public DistributionRoutes(RegistryConnections registries) {
    this.registries = registries;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/distribution/{name*}/json", this::inspect),
        Route.get("/images/search", this::search));
  }

  /** An image in a registry. */
  private record DistributionJson(DescriptorJson descriptor, List<PlatformJson> platforms) {}

  private record DescriptorJson(
      @JsonProperty("mediaType") String mediaType,
      @JsonProperty("digest") String digest,
      @JsonProperty("size") long size) {
    static DescriptorJson of(Descriptor of) {
      return new DescriptorJson(of.mediaType(), of.digest().toString(), of.size());
    }
  }

  private record PlatformJson(
      @JsonProperty("architecture") String architecture,
      @JsonProperty("os") String os,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonProperty("variant") String variant) {
    static PlatformJson of(Platform of) {
      return new PlatformJson(of.architecture(), of.os(), of.variant());
    }
  }

  private static CredentialSource credentials(Request request) {
    String header = request.headers().first("X-Registry-Auth").orElse("");
    return CredentialSource.of(RegistryAuthHeader.parseAuth(header));
  }

  private Reply inspect(Request request) throws IOException {
    String text = request.parameter("name");
    if (Digest.tryParse("sha256:" + text).isPresent()) {
      throw SlipwayException.invalid("unknown image reference format: " + text);
    }
    Reference name = Reference.parseWithDefaultTag(text);
    RegistryClient registry = registries.forPull(name.repository(), credentials(request));
    Manifest manifest = registry.manifest(name.manifestReference());
    List<PlatformJson> platforms = new ArrayList<>();
    switch (manifest) {
      case ImageIndex index ->
          index.manifests().stream()
              .map(Descriptor::platform)
              .flatMap(java.util.Optional::stream)
              .map(PlatformJson::of)
              .forEach(platforms::add);
      case ImageManifest one -> {
        ImageConfig config =
            ImageConfig.parse(registry.smallBlob(one.config(), ImageConfig.MAX_BYTES));
        platforms.add(PlatformJson.of(config.platform()));
      }
    }
    return Reply.json(new DistributionJson(DescriptorJson.of(manifest.descriptor()), platforms));
  }

  private record FoundJson(
      @JsonProperty("star_count") int stars,
      @JsonProperty("is_official") boolean official,
      @JsonProperty("name") String name,
      @JsonProperty("is_automated") boolean automated,
      @JsonProperty("description") String description) {}

  private Reply search(Request request) throws IOException {
    String term = request.query().text("term");
    if (term.isEmpty()) {
      throw SlipwayException.invalid("no search term given");
    }
    OptionalInt asked = request.query().number("limit");
    int limit = asked.isEmpty() || asked.getAsInt() == 0 ? DEFAULT_LIMIT : asked.getAsInt();
    if (limit < 1 || limit > MAX_LIMIT) {
      throw SlipwayException.invalid("limit " + limit + " is outside the range of [1, 100]");
    }
    var filters = request.query().filters().accept(SEARCH_FILTERS);
    boolean automated = filters.flag("is-automated", false);
    boolean onlyOfficial = filters.flag("is-official", false);
    int stars =
        filters.values("stars").stream().mapToInt(DistributionRoutes::stars).max().orElse(0);
    List<FoundJson> found = new ArrayList<>();
    for (FoundImage image : registries.search(term, limit, credentials(request))) {
      boolean official = !filters.has("is-official") || onlyOfficial == image.official();
      if (image.stars() >= stars && official && !automated) {
        found.add(
            new FoundJson(
                image.stars(), image.official(), image.name(), false, image.description()));
      }
    }
    return Reply.json(found);
  }

  private static int stars(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new SlipwayException(ErrorKind.INVALID, "invalid filter 'stars=" + text + "'", e);
    }
  }
}
