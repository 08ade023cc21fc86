package io.slipway.engine.container;

import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.builder.frontend.ConfigChanges;
import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.http.Route;
import io.slipway.engine.model.Config;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.ContainerConfig;
import io.slipway.image.model.Digest;
import io.slipway.image.name.Reference;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code /commit}. */
final class CommitRoutes {
  private final ContainerIndex index;
  private final ContainerCommit commit;

  CommitRoutes(ContainerIndex index, ContainerCommit commit) {
    this.index = index;
    this.commit = commit;
  }

  List<Route> routes() {
    return List.of(Route.post("/commit", this::commit));
  }

  private record CommittedJson(String id) {}

  private Reply commit(Request request) throws IOException {
    Optional<Config> asked = config(request);
    Optional<Reference> name = name(request);
    Container container = index.get(request.query().text("container"));
    Config own = container.record().config();
    ContainerConfig start =
        asked
            .map(config -> ContainerCommit.complete(config, own))
            .orElseGet(() -> ContainerCommit.containerConfig(own));
    Digest image =
        commit.commit(
            container,
            new ContainerCommit.Wanted(
                name,
                request.query().text("author"),
                request.query().text("comment"),
                ConfigChanges.apply(start, request.query().all("changes")),
                request.query().flag("pause", true)));
    return Reply.json(201, new CommittedJson(image.toString()));
  }

  /** Docker's client sends none, or {@code null}. */
  private static Optional<Config> config(Request request) throws IOException {
    if (!request.hasJsonBody()) {
      return Optional.empty();
    }
    JsonNode body = request.jsonTree();
    return body.isNull() ? Optional.empty() : Optional.of(Request.convert(body, Config.class));
  }

  private static Optional<Reference> name(Request request) {
    String repository = request.query().text("repo");
    if (repository.isEmpty()) {
      return Optional.empty();
    }
    Reference name = Reference.parse(repository);
    if (name.digest().isPresent()) {
      throw SlipwayException.invalid("refusing to create a tag with a digest reference");
    }
    String tag = request.query().text("tag");
    return Optional.of(tag.isEmpty() ? name.withDefaultTag() : name.withTag(tag));
  }
}
