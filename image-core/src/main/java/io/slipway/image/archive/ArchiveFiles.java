package io.slipway.image.archive;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Digest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What an archive holds, by path: documents in memory, everything else in the blob store. */
final class ArchiveFiles {
  private static final int MAX_LINKS = 10;

  private final Map<String, Stored> files = new HashMap<>();
  private final Map<String, Bytes> documents = new HashMap<>();
  private final Map<String, String> links = new HashMap<>();

  /** A file of the archive that is now a blob. */
  record Stored(Digest digest, long size) {}

  void put(String path, Stored file) {
    files.put(path, file);
  }

  void putDocument(String path, Bytes content) {
    documents.put(path, content);
  }

  /** A symbolic link, its target as written. */
  void putLink(String path, String target) {
    String directory = path.substring(0, path.lastIndexOf('/') + 1);
    links.put(path, target.startsWith("/") ? target : directory + target);
  }

  /** Another name of the file at {@code target}, a path from the archive's root. */
  void putAlias(String path, String target) {
    links.put(path, target);
  }

  int size() {
    return files.size() + documents.size() + links.size();
  }

  Optional<Bytes> document(String path) {
    return Optional.ofNullable(documents.get(path));
  }

  /** The file a path leads to; INVALID naming the path when there is none. */
  Stored get(String path) {
    String at = clean(path);
    for (int i = 0; i < MAX_LINKS && links.containsKey(at); i++) {
      at = clean(links.get(at));
    }
    Stored file = files.get(at);
    if (file == null) {
      throw SlipwayException.invalid("archive refers to \"" + path + "\", which it does not hold");
    }
    return file;
  }

  /** The path with {@code .} and {@code ..} resolved by its letters, from the archive's root. */
  static String clean(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/")) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }
}
