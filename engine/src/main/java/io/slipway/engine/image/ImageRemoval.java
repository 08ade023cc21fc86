package io.slipway.engine.image;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.slipway.engine.system.EventBus;
import io.slipway.image.catalog.ImageRecord;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.name.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Takes names and images away, by docker's rules; space comes back by {@link ImageSpace}. */
public final class ImageRemoval {
  private static final Pattern ID = Pattern.compile("(sha256:)?[0-9a-f]{1,64}");
  private static final int SHORT_ID = 12;

  private final StoredImages images;
  private final ImageUsers users;
  private final ImageSpace space;
  private final EventBus events;

  public ImageRemoval(StoredImages images, ImageUsers users, ImageSpace space, EventBus events) {
    this.images = images;
    this.users = users;
    this.space = space;
    this.events = events;
  }

  /** One thing that was taken away: exactly one of the two is set. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Removed(String untagged, String deleted) {
    static Removed untagged(Reference name) {
      return new Removed(name.familiar(), null);
    }

    static Removed deleted(Digest id) {
      return new Removed(null, id.toString());
    }
  }

  /** What {@code prune} did. */
  public record Pruned(List<Removed> imagesDeleted, long spaceReclaimed) {}

  /**
   * {@code docker rmi}: by a name, only that name goes unless it is the last; by an id, the image.
   *
   * @throws SlipwayException CONFLICT in docker's words when a container or another name forbids it
   */
  public List<Removed> remove(String text, boolean force) throws IOException {
    ImageRecord image = images.get(text);
    List<Removed> removed =
        isId(text, image) ? removeById(image, force) : removeByName(image, text, force);
    space.collect();
    return removed;
  }

  private static boolean isId(String text, ImageRecord image) {
    return ID.matcher(text).matches()
        && image.id().hex().startsWith(text.replaceFirst("^sha256:", ""))
        && image.tags().stream().noneMatch(t -> t.familiar().equals(text + ":latest"));
  }

  private List<Removed> removeById(ImageRecord image, boolean force) throws IOException {
    long repositories = image.tags().stream().map(Reference::repository).distinct().count();
    if (!force && repositories > 1) {
      throw conflict(image, "must be forced", "image is referenced in multiple repositories");
    }
    for (ImageUsers.User user : users.usersOf(image.id())) {
      String container = shortId(user.containerId());
      if (user.running()) {
        throw conflict(
            image, "cannot be forced", "image is being used by running container " + container);
      }
      if (!force) {
        throw conflict(
            image, "must be forced", "image is being used by stopped container " + container);
      }
    }
    List<Removed> removed = new ArrayList<>();
    for (Reference tag : image.tags()) {
      removed.add(untag(image.id(), tag));
    }
    image.repoDigests().forEach(digest -> removed.add(Removed.untagged(digest)));
    removed.add(delete(image.id()));
    return removed;
  }

  private List<Removed> removeByName(ImageRecord image, String text, boolean force)
      throws IOException {
    Reference name = Reference.parseWithDefaultTag(text);
    boolean last = image.tags().size() <= 1 && (name.digest().isEmpty() || image.tags().isEmpty());
    List<ImageUsers.User> using = last ? users.usersOf(image.id()) : List.of();
    if (!using.isEmpty() && !force) {
      throw new SlipwayException(
          ErrorKind.CONFLICT,
          "conflict: unable to remove repository reference \"%s\" (must force) - container %s is using its referenced image %s"
              .formatted(text, shortId(using.getFirst().containerId()), shortId(image.id().hex())));
    }
    List<Removed> removed = new ArrayList<>();
    removed.add(untag(image.id(), name));
    if (last && using.stream().noneMatch(ImageUsers.User::running)) {
      Optional<ImageRecord> now = images.catalog().find(image.id());
      now.ifPresent(i -> i.repoDigests().forEach(d -> removed.add(Removed.untagged(d))));
      removed.add(delete(image.id()));
    }
    return removed;
  }

  private Removed untag(Digest id, Reference name) throws IOException {
    images.catalog().untag(name);
    events.publish("image", "untag", id.toString(), Map.of("name", id.toString()));
    return Removed.untagged(name);
  }

  private Removed delete(Digest id) throws IOException {
    space.note(id);
    images.catalog().remove(id);
    images.forget(id);
    events.publish("image", "delete", id.toString(), Map.of("name", id.toString()));
    return Removed.deleted(id);
  }

  /**
   * Removes what no container uses: images without a name, or with {@code all} every such image.
   */
  public Pruned prune(boolean all, Predicate<ImageConfig> wanted) throws IOException {
    List<Removed> removed = new ArrayList<>();
    for (ImageRecord image : images.catalog().list()) {
      boolean unused = users.usersOf(image.id()).isEmpty();
      if (unused && (all || image.tags().isEmpty()) && wanted.test(images.config(image.id()))) {
        removed.addAll(removeById(image, true));
      }
    }
    return new Pruned(removed.isEmpty() ? null : removed, space.collect());
  }

  private static SlipwayException conflict(ImageRecord image, String how, String why) {
    return new SlipwayException(
        ErrorKind.CONFLICT,
        "conflict: unable to delete %s (%s) - %s".formatted(shortId(image.id().hex()), how, why));
  }

  private static String shortId(String id) {
    return id.substring(0, Math.min(SHORT_ID, id.length()));
  }
}
