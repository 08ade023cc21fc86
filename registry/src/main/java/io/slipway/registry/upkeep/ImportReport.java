package io.slipway.registry.upkeep;

/** What an import took in; {@code skipped} were told of one by one. */
public record ImportReport(long repositories, long manifests, long tags, long skipped) {
  ImportReport plus(ImportReport more) {
    return new ImportReport(
        repositories + more.repositories,
        manifests + more.manifests,
        tags + more.tags,
        skipped + more.skipped);
  }

  @Override
  public String toString() {
    return "imported %d manifests and %d tags into %d repositories, skipped %d"
        .formatted(manifests, tags, repositories, skipped);
  }
}
