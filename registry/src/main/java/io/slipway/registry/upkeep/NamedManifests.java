package io.slipway.registry.upkeep;

import io.slipway.image.model.Digest;
import io.slipway.registry.store.NameJournal;
import io.slipway.registry.store.RepositoryName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/** What the journal of names comes to when it is replayed. */
public final class NamedManifests implements NameJournal {

  /** The manifests of a repository with their types, and its tags. */
  record Names(Map<Digest, String> types, Map<String, Digest> tags) {
    Set<String> tagsOf(Digest manifest) {
      Set<String> names = new TreeSet<>();
      tags.forEach((tag, digest) -> {
        if (digest.equals(manifest)) {
          names.add(tag);
        }
      });
      return names;
    }
  }

  private final Map<RepositoryName, Names> repositories = new TreeMap<>();

  Map<RepositoryName, Names> repositories() {
    return repositories;
  }

  /**
   * Tells {@code journal} of all that is left, each manifest once with its tags; of those without
   * tags only what is {@code held}.
   */
  public void tell(NameJournal journal, BiPredicate<RepositoryName, Digest> held) {
    repositories.forEach((repository, names) -> {
      Map<Digest, List<String>> tags = new HashMap<>();
      names
          .tags()
          .forEach(
              (tag, digest) -> tags.computeIfAbsent(digest, none -> new ArrayList<>()).add(tag));
      names
          .types()
          .forEach((digest, type) -> {
            List<String> named = tags.getOrDefault(digest, List.of());
            if (!named.isEmpty() || held.test(repository, digest)) {
              journal.put(repository, digest, type, named);
            }
          });
    });
  }

  private Names of(RepositoryName repository) {
    return repositories.computeIfAbsent(
        repository, name -> new Names(new LinkedHashMap<>(), new TreeMap<>()));
  }

  @Override
  public void put(
      RepositoryName repository, Digest manifest, String mediaType, Collection<String> tags) {
    of(repository).types().put(manifest, mediaType);
    tags.forEach(tag -> of(repository).tags().put(tag, manifest));
  }

  @Override
  public void untagged(RepositoryName repository, String tag) {
    of(repository).tags().remove(tag);
  }

  @Override
  public void deleted(RepositoryName repository, Digest manifest) {
    of(repository).types().remove(manifest);
    of(repository).tags().values().removeIf(manifest::equals);
  }
}
