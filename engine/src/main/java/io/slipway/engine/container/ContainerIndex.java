package io.slipway.engine.container;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The containers by id, beginning of an id, and name. A name belongs to one container. */
final class ContainerIndex {
  private static final Pattern NAME = Pattern.compile("/?[a-zA-Z0-9][a-zA-Z0-9_.-]+");

  private final Map<String, Container> byId = new HashMap<>();
  private final Map<String, String> idByName = new HashMap<>();

  /** Docker's check of a name that somebody chose; the name without a leading slash. */
  static String checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw SlipwayException.invalid(
          "Invalid container name (" + name + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
    }
    return name.startsWith("/") ? name.substring(1) : name;
  }

  /** Takes a name for a container that is being made or renamed. */
  synchronized void reserve(String name, String id) {
    String holder = idByName.putIfAbsent(name, id);
    if (holder != null) {
      throw new SlipwayException(
          ErrorKind.CONFLICT,
          "Conflict. The container name \"/"
              + name
              + "\" is already in use by container \""
              + holder
              + "\". You have to remove (or rename) that container to be able to reuse that name.");
    }
  }

  /** Takes the name if it is free. */
  synchronized boolean tryReserve(String name, String id) {
    return idByName.putIfAbsent(name, id) == null;
  }

  synchronized void release(String name, String id) {
    idByName.remove(name, id);
  }

  synchronized void add(Container container) {
    byId.put(container.id(), container);
  }

  synchronized void remove(Container container) {
    byId.remove(container.id());
    idByName.remove(container.record().name(), container.id());
  }

  /** Newest first. */
  synchronized List<Container> all() {
    return byId.values().stream()
        .sorted(Comparator.comparing((Container c) -> c.record().created()).reversed())
        .toList();
  }

  /** The container of a full id, a name, or a unique beginning of an id. */
  synchronized Optional<Container> find(String text) {
    Container exact = byId.get(text);
    if (exact != null) {
      return Optional.of(exact);
    }
    String named = idByName.get(text.startsWith("/") ? text.substring(1) : text);
    if (named != null && byId.containsKey(named)) {
      return Optional.of(byId.get(named));
    }
    if (text.isEmpty()) {
      return Optional.empty();
    }
    List<Container> found = byId.values().stream().filter(c -> c.id().startsWith(text)).toList();
    if (found.size() > 1) {
      throw SlipwayException.invalid("multiple IDs found with provided prefix: " + text);
    }
    return found.stream().findFirst();
  }

  /** As {@link #find}, or Docker's error. */
  Container get(String text) {
    return find(text).orElseThrow(() -> SlipwayException.notFound("No such container: " + text));
  }
}
