package io.slipway.image.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.name.Repository;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Searches for repositories: on Docker Hub by its own API, elsewhere among the names of the
 * registry's catalog ({@code /v2/_catalog}).
 */
final class SearchEndpoint {
  private static final int MAX_PAGE_BYTES = 4 << 20;
  private static final int PAGE = 1000;
  private static final int MAX_PAGES = 100;

  /** Docker Hub searches elsewhere than it keeps images. */
  static final String HUB = "https://index.docker.io/v1/search?n=%d&q=%s";

  private final RegistryTransport transport;

  SearchEndpoint(RegistryTransport transport) {
    this.transport = transport;
  }

  List<FoundImage> search(String words, int limit) throws IOException {
    String domain = transport.address().domain();
    return domain.equals(Repository.DEFAULT_DOMAIN)
        ? hub(words, limit)
        : catalog(domain, words, limit);
  }

  private List<FoundImage> hub(String words, int limit) throws IOException {
    String query = URLEncoder.encode(words, StandardCharsets.UTF_8);
    URI uri = URI.create(HUB.formatted(limit, query));
    JsonNode answer = json(transport.fetch(uri, Map.of(), RegistryScope.NONE, MAX_PAGE_BYTES));
    List<FoundImage> found = new ArrayList<>();
    for (JsonNode image : answer.path("results")) {
      found.add(
          new FoundImage(
              image.path("name").asText(),
              image.path("description").asText(),
              image.path("star_count").asInt(),
              image.path("is_official").asBoolean()));
    }
    return found;
  }

  private List<FoundImage> catalog(String domain, String words, int limit) throws IOException {
    List<FoundImage> found = new ArrayList<>();
    URI page = transport.address().url("_catalog?n=" + PAGE);
    for (int i = 0; i < MAX_PAGES && found.size() < limit; i++) {
      RegistryTransport.Fetched fetched =
          transport.fetch(page, Map.of(), RegistryScope.CATALOG, MAX_PAGE_BYTES);
      for (JsonNode name : json(fetched).path("repositories")) {
        if (name.asText().contains(words) && found.size() < limit) {
          found.add(new FoundImage(domain + "/" + name.asText(), "", 0, false));
        }
      }
      Optional<URI> next = TagsEndpoint.next(fetched.response());
      if (next.isEmpty()) {
        break;
      }
      page = next.get();
    }
    return found;
  }

  private JsonNode json(RegistryTransport.Fetched fetched) throws IOException {
    try {
      return RegistryErrors.JSON.readTree(fetched.body());
    } catch (JsonProcessingException e) {
      throw new SlipwayException(
          ErrorKind.INVALID, "search answer of " + transport.address().domain() + " is no JSON", e);
    }
  }
}
