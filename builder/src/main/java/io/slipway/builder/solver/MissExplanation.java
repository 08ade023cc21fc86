package io.slipway.builder.solver;

import io.slipway.builder.cache.CacheIndex;
import io.slipway.builder.cache.CacheRecord;
import io.slipway.builder.context.ContentListing;
import io.slipway.builder.graph.Identity;
import io.slipway.builder.graph.Op;
import io.slipway.builder.graph.Vertex;
import io.slipway.builder.progress.CacheMiss;
import io.slipway.builder.progress.CacheMiss.Change;
import io.slipway.builder.progress.CacheMiss.Kind;
import io.slipway.dockerfile.check.SecretNames;
import io.slipway.image.model.Digest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares what a key is made of with what the step's last key was made of. */
final class MissExplanation {
  private static final int TOLD_FILES = 1000;
  private static final String HIDDEN = "…";

  private final Vertex vertex;
  private final FoundKey found;
  private final CacheRecord last;
  private final CacheIndex index;
  private final List<Change> changes = new ArrayList<>();
  private boolean instruction;
  private int untold;

  private MissExplanation(Vertex vertex, FoundKey found, CacheRecord last, CacheIndex index) {
    this.vertex = vertex;
    this.found = found;
    this.last = last;
    this.index = index;
  }

  /** Why the vertex's result is not there; empty for internal work. */
  static Optional<CacheMiss> of(Vertex vertex, FoundKey found, CacheIndex index) {
    String slot = vertex.info().slot();
    if (slot.isEmpty()) {
      return Optional.empty();
    }
    if (vertex.info().ignoreCache()) {
      return Optional.of(CacheMiss.of(CacheMiss.Reason.IGNORED));
    }
    Optional<CacheRecord> last = index.lastIn(slot);
    if (last.isEmpty()) {
      return Optional.of(CacheMiss.of(CacheMiss.Reason.NEW));
    }
    return Optional.of(new MissExplanation(vertex, found, last.get(), index).compare());
  }

  private CacheMiss compare() {
    Map<String, String> before = byName(last.parts());
    Map<String, String> after = byName(found.parts());
    var names = new LinkedHashSet<>(after.keySet());
    names.addAll(before.keySet());
    for (String name : names) {
      Optional<String> was = Optional.ofNullable(before.get(name));
      Optional<String> is = Optional.ofNullable(after.get(name));
      if (!was.equals(is)) {
        add(name, was, is);
      }
    }
    return changes.isEmpty()
        ? CacheMiss.of(CacheMiss.Reason.LOST)
        : new CacheMiss(CacheMiss.Reason.CHANGED, changes, untold);
  }

  private static Map<String, String> byName(List<Identity.Part> parts) {
    var map = new LinkedHashMap<String, String>();
    parts.forEach(part -> map.merge(part.name(), part.value(), (a, b) -> a + " " + b));
    return map;
  }

  private void add(String name, Optional<String> was, Optional<String> is) {
    String[] words = name.split("\\.");
    switch (words[0]) {
      case "argument", "kind" -> instruction();
      case "env" -> variable(name.substring("env.".length()), was, is);
      case "workdir" -> change(Kind.SETTING, "WORKDIR", was, is);
      case "user" -> change(Kind.SETTING, "USER", was, is);
      case "input" -> input(Integer.parseInt(words[1]));
      case "base" -> base(Integer.parseInt(words[1]), was, is);
      case "content" -> content(name.substring("content.".length()), was, is);
      case "action" -> action(words, was, is);
      case "mount" -> mount(name);
      default -> change(Kind.FLAG, name, was, is);
    }
  }

  private void change(Kind kind, String subject, Optional<String> was, Optional<String> is) {
    changes.add(new Change(kind, subject, "", was, is));
  }

  private void variable(String name, Optional<String> was, Optional<String> is) {
    Kind kind = vertex.info().arguments().contains(name) ? Kind.ARG : Kind.ENV;
    if (SecretNames.isSecret(name)) {
      change(kind, name, was.map(_ -> HIDDEN), is.map(_ -> HIDDEN));
    } else {
      change(kind, name, was, is);
    }
  }

  /** The words of the instruction, once, whatever of it is different. */
  private void instruction() {
    if (instruction) {
      return;
    }
    instruction = true;
    String was = words(last.name());
    String is = words(vertex.info().name());
    if (was.equals(is)) {
      // a heredoc, or a variable in the text: what is shown of it is the same
      was = arguments(last.parts());
      is = arguments(found.parts());
    }
    change(Kind.INSTRUCTION, "", Optional.of(was), Optional.of(is));
  }

  private static String words(String name) {
    return name.replaceFirst("^\\[[^]]*] ", "");
  }

  private static String arguments(List<Identity.Part> parts) {
    return parts.stream()
        .filter(part -> part.name().startsWith("argument."))
        .map(Identity.Part::value)
        .reduce((a, b) -> a + " " + b)
        .orElse("");
  }

  private void input(int number) {
    if (number < vertex.inputs().size()
        && !(vertex.inputs().get(number).op() instanceof Op.ImageSource)) {
      String name = "\"" + vertex.inputs().get(number).info().name() + "\"";
      changes.add(new Change(Kind.PARENT, name, "", Optional.empty(), Optional.empty()));
    }
  }

  private void base(int number, Optional<String> was, Optional<String> is) {
    if (was.isPresent() && is.isPresent() && number < vertex.inputs().size()) {
      String name = vertex.inputs().get(number).info().name();
      change(Kind.BASE, words(name).replaceFirst("^FROM ", ""), was, is);
    }
  }

  private void action(String[] words, Optional<String> was, Optional<String> is) {
    String aspect = words.length > 2 ? words[2] : "";
    switch (aspect) {
      case "chown", "chmod", "exclude", "unpack", "link", "parents", "checksum" ->
          change(Kind.FLAG, "--" + aspect, was, is);
      case "owner" -> change(Kind.SETTING, "USER", was, is);
      case "content" ->
          changes.add(
              new Change(Kind.INSTRUCTION, "heredoc", "", Optional.empty(), Optional.empty()));
      default -> instruction();
    }
  }

  /** A mount has many parts; what it is for is enough. */
  private void mount(String name) {
    String rest = name.substring("mount.".length());
    int dot = rest.lastIndexOf('.');
    String target = dot > 0 && !rest.substring(dot).contains("/") ? rest.substring(0, dot) : rest;
    var change =
        new Change(Kind.FLAG, "--mount target=" + target, "", Optional.empty(), Optional.empty());
    if (!changes.contains(change)) {
      changes.add(change);
    }
  }

  /** Names the files, if both listings are there. */
  private void content(String path, Optional<String> was, Optional<String> is) {
    if (was.isEmpty() || is.isEmpty()) {
      // another source, which the instruction tells of; or its digest was not needed then
      return;
    }
    Optional<ContentListing> before = index.listing(Digest.parse(was.get()));
    ContentListing after = found.listings().get(Digest.parse(is.get()));
    if (before.isEmpty() || after == null) {
      changes.add(new Change(Kind.FILE, path, "", Optional.empty(), Optional.empty()));
      return;
    }
    String folder = folder(path);
    List<ContentListing.Change> files = before.get().changesIn(after);
    for (ContentListing.Change file : files.subList(0, Math.min(TOLD_FILES, files.size()))) {
      changes.add(
          new Change(
              Kind.FILE,
              folder + file.path(),
              file.difference().word(),
              Optional.of(file.before()).filter(text -> !text.isEmpty()),
              Optional.of(file.after()).filter(text -> !text.isEmpty())));
    }
    untold += Math.max(0, files.size() - TOLD_FILES);
  }

  /** Listings begin with the last name of what is copied; this is what leads there. */
  private static String folder(String path) {
    String folder = path.substring(0, path.lastIndexOf('/') + 1);
    String relative = folder.startsWith("/") ? folder.substring(1) : folder;
    return relative.matches(".*[*?\\[].*") ? "" : relative;
  }
}
