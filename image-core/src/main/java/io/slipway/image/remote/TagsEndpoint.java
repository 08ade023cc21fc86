package io.slipway.image.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.name.Repository;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /v2/<name>/tags/list} (end-8), all pages. */
final class TagsEndpoint {
  private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;\\s*rel=\"?next\"?");
  private static final int PAGE = 1000;
  private static final int MAX_PAGE_BYTES = 4 << 20;

  /** A registry that pages for ever is not followed for ever. */
  private static final int MAX_PAGES = 1000;

  private final RegistryTransport transport;
  private final Repository repository;
  private final RegistryScope scope;

  TagsEndpoint(RegistryTransport transport, Repository repository, RegistryScope scope) {
    this.transport = transport;
    this.repository = repository;
    this.scope = scope;
  }

  List<String> list() throws IOException {
    List<String> tags = new ArrayList<>();
    URI page = transport.address().url(repository.path() + "/tags/list?n=" + PAGE);
    for (int i = 0; i < MAX_PAGES; i++) {
      RegistryTransport.Fetched fetched = transport.fetch(page, Map.of(), scope, MAX_PAGE_BYTES);
      names(fetched.body()).forEach(tags::add);
      Optional<URI> next = next(fetched.response());
      if (next.isEmpty()) {
        return tags;
      }
      page = next.get();
    }
    throw SlipwayException.invalid("tag list of " + repository + " has too many pages");
  }

  private List<String> names(byte[] body) throws IOException {
    List<String> names = new ArrayList<>();
    try {
      RegistryErrors.JSON.readTree(body).path("tags").forEach(tag -> names.add(tag.asText()));
    } catch (JsonProcessingException e) {
      throw new SlipwayException(ErrorKind.INVALID, "tag list of " + repository + " is no JSON", e);
    }
    return names;
  }

  /** The next page of a list, as the registry names it. */
  static Optional<URI> next(RegistryResponse response) {
    return response
        .header("Link")
        .map(NEXT::matcher)
        .filter(Matcher::find)
        .map(match -> response.uri().resolve(match.group(1)));
  }
}
