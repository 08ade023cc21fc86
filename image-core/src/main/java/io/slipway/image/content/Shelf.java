package io.slipway.image.content;

/** Where a blob lies that was taken out of sight but is not given up yet. */
public enum Shelf {
  /** Nothing needed it; it is deleted soon. */
  TRASH("trash"),

  /** It was found damaged; it is kept for whoever wants to know why. */
  QUARANTINE("quarantine");

  private final String label;

  Shelf(String label) {
    this.label = label;
  }

  /** In lower case, for people and for paths. */
  public String label() {
    return label;
  }
}
