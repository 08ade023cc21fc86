package io.slipway.engine.image;

import io.slipway.engine.http.Filters;
import io.slipway.engine.http.PruneFilters;
import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.http.Route;
import io.slipway.engine.system.EventBus;
import io.slipway.image.catalog.ImageRecord;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import io.slipway.image.remote.CredentialSource;
import io.slipway.image.remote.RegistryAuthHeader;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /images}. */
public final class ImageRoutes {
  private final StoredImages images;
  private final ImageViews views;
  private final ImageRemoval removal;
  private final ImageTransfers transfers;
  private final ImageArchives archives;
  private final EventBus events;

  public ImageRoutes(
      StoredImages images,
      ImageViews views,
      ImageRemoval removal,
      ImageTransfers transfers,
      ImageArchives archives,
      EventBus events) {
    this.images = images;
    this.views = views;
    this.removal = removal;
    this.transfers = transfers;
    this.archives = archives;
    this.events = events;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/images/json", this::list),
        Route.get("/images/get", this::save),
        Route.get("/images/{name*}/get", this::saveOne),
        Route.get("/images/{name*}/json", this::inspect),
        Route.get("/images/{name*}/history", this::history),
        Route.post("/images/create", this::create),
        Route.post("/images/load", this::load),
        Route.post("/images/prune", this::prune),
        Route.post("/images/{name*}/push", this::push),
        Route.post("/images/{name*}/tag", this::tag),
        Route.delete("/images/{name*}", this::remove));
  }

  private Reply list(Request request) throws IOException {
    boolean shared = request.query().flag("shared-size");
    return Reply.json(views.list(request.query().filters(), shared));
  }

  private Reply inspect(Request request) throws IOException {
    return Reply.json(views.inspect(request.parameter("name")));
  }

  private Reply history(Request request) throws IOException {
    return Reply.json(views.history(request.parameter("name")));
  }

  private Reply tag(Request request) throws IOException {
    ImageRecord image = images.get(request.parameter("name"));
    String tag = request.query().text("tag");
    Reference name = Reference.parse(request.query().text("repo"));
    if (name.digest().isPresent()) {
      throw SlipwayException.invalid("refusing to create a tag with a digest reference");
    }
    Reference target = tag.isEmpty() ? name.withDefaultTag() : name.withTag(tag);
    images.catalog().tag(image.id(), target);
    events.publish("image", "tag", image.id().toString(), Map.of("name", target.familiar()));
    return Reply.empty(201);
  }

  private Reply remove(Request request) throws IOException {
    return Reply.json(removal.remove(request.parameter("name"), request.query().flag("force")));
  }

  private Reply prune(Request request) throws IOException {
    Filters filters =
        request.query().filters().accept(Set.of("dangling", "label", "label!", "until"));
    PruneFilters take = PruneFilters.of(filters, Instant.now());
    boolean all = !filters.flag("dangling", true);
    ImageRemoval.Pruned pruned =
        removal.prune(
            all,
            config -> take.take(config.created().orElse(Instant.EPOCH), config.config().labels()));
    events.publish(
        "image", "prune", "", Map.of("reclaimed", Long.toString(pruned.spaceReclaimed())));
    return Reply.json(pruned);
  }

  /** One endpoint for pull and import, as in docker. */
  private Reply create(Request request) throws IOException {
    String image = request.query().text("fromImage");
    if (image.isEmpty()) {
      return importTar(request);
    }
    Reference reference = named(image, request.query().text("tag"));
    CredentialSource who = credentials(request);
    Platform platform = platform(request);
    if (reference.tag().isEmpty() && reference.digest().isEmpty()) {
      return Reply.progress(
          progress -> transfers.pullAll(reference.repository(), platform, who, progress));
    }
    return Reply.progress(progress -> transfers.pull(reference, platform, who, progress));
  }

  private static Reference named(String image, String tag) {
    Reference name = Reference.parse(image);
    if (tag.isEmpty()) {
      return name;
    }
    return tag.contains(":") ? name.withDigest(Digest.parse(tag)) : name.withTag(tag);
  }

  private static Platform platform(Request request) {
    String platform = request.query().text("platform");
    return platform.isEmpty() ? Platform.host() : Platform.parse(platform);
  }

  private static CredentialSource credentials(Request request) {
    String header = request.headers().first("X-Registry-Auth").orElse("");
    return CredentialSource.of(RegistryAuthHeader.parseAuth(header));
  }

  private Reply importTar(Request request) {
    String source = request.query().text("fromSrc");
    if (!source.equals("-")) {
      throw new SlipwayException(
          ErrorKind.UNSUPPORTED,
          "importing from " + source + " is not built yet: send the tar with fromSrc=-");
    }
    String repository = request.query().text("repo");
    String tag = request.query().text("tag");
    Optional<Reference> name =
        repository.isEmpty()
            ? Optional.empty()
            : Optional.of(named(repository, tag).withDefaultTag());
    ImageArchives.Import wanted =
        new ImageArchives.Import(
            name,
            request.query().text("message"),
            request.query().all("changes"),
            platform(request));
    return Reply.progress(
        progress -> progress.status(archives.importTar(request.body(), wanted).toString()));
  }

  private Reply load(Request request) {
    return Reply.progress(progress -> archives.load(request.body(), progress));
  }

  private Reply save(Request request) throws IOException {
    return archives.save(request.query().all("names"));
  }

  private Reply saveOne(Request request) throws IOException {
    return archives.save(List.of(request.parameter("name")));
  }

  private Reply push(Request request) {
    Reference name = Reference.parse(request.parameter("name"));
    String tag = request.query().text("tag");
    Optional<String> wanted = tag.isEmpty() ? name.tag() : Optional.of(tag);
    CredentialSource who = credentials(request);
    return Reply.progress(progress -> transfers.push(name.repository(), wanted, who, progress));
  }
}
