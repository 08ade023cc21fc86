package io.slipway.registry.http;

import io.slipway.image.model.Digest;
import io.slipway.registry.store.TagCondition;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * If-Match and If-None-Match. Our entity tags are the quoted digest; clients also send it unquoted
 * or marked weak, and all three are understood.
 */
final class EntityTags {
  private EntityTags() {}

  /** True when an If-None-Match header names {@code current}, so that the answer is 304. */
  static boolean unchanged(String ifNoneMatch, String current) {
    if (ifNoneMatch == null) {
      return false;
    }
    for (String tag : ifNoneMatch.split(",")) {
      String bare = bare(tag);
      if (bare.equals("*") || bare.equals(current)) {
        return true;
      }
    }
    return false;
  }

  /** What the headers of a push demand of the tag; either may be null. */
  static TagCondition condition(String ifMatch, String ifNoneMatch) {
    if (ifMatch != null) {
      return isStar(ifMatch) ? new TagCondition.Exists() : new TagCondition.OneOf(digests(ifMatch));
    }
    if (ifNoneMatch != null) {
      return isStar(ifNoneMatch)
          ? new TagCondition.Absent()
          : new TagCondition.NoneOf(digests(ifNoneMatch));
    }
    return new TagCondition.Always();
  }

  private static boolean isStar(String header) {
    return bare(header).equals("*");
  }

  /** Tags that are no digest of ours can match nothing and are left out. */
  private static Set<Digest> digests(String header) {
    Set<Digest> found = new LinkedHashSet<>();
    for (String tag : List.of(header.split(","))) {
      Digest.tryParse(bare(tag)).ifPresent(found::add);
    }
    return found;
  }

  private static String bare(String tag) {
    String text = tag.strip();
    if (text.startsWith("W/")) {
      text = text.substring(2);
    }
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1) : text;
  }
}
