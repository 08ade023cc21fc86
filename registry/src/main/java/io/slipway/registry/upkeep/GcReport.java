package io.slipway.registry.upkeep;

/**
 * What a collection has done so far, or, on a dry run, would do.
 *
 * @param repositories looked at
 * @param manifests dropped from repositories
 * @param links of blobs to repositories that were dropped
 * @param contents that no repository holds any more, moved to the trash
 * @param bytes of these contents
 */
public record GcReport(
    boolean dryRun, long repositories, long manifests, long links, long contents, long bytes) {

  static GcReport start(boolean dryRun) {
    return new GcReport(dryRun, 0, 0, 0, 0, 0);
  }

  GcReport plus(long moreRepositories, long moreManifests, long moreLinks) {
    return new GcReport(
        dryRun,
        repositories + moreRepositories,
        manifests + moreManifests,
        links + moreLinks,
        contents,
        bytes);
  }

  GcReport plusFreed(long moreContents, long moreBytes) {
    return new GcReport(
        dryRun, repositories, manifests, links, contents + moreContents, bytes + moreBytes);
  }

  @Override
  public String toString() {
    return "%s %d manifests and %d blob links in %d changed repositories, %s %d contents, %d bytes"
        .formatted(
            dryRun ? "would drop" : "dropped",
            manifests,
            links,
            repositories,
            dryRun ? "would free" : "freed",
            contents,
            bytes);
  }
}
