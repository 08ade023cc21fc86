package io.slipway.image.remote;

/** Where one layer is on its way; {@link #text} is the word docker prints for it. */
public enum TransferState {
  PULLING_FS_LAYER("Pulling fs layer"),
  WAITING("Waiting"),
  DOWNLOADING("Downloading"),
  VERIFYING_CHECKSUM("Verifying Checksum"),
  DOWNLOAD_COMPLETE("Download complete"),
  EXTRACTING("Extracting"),
  PULL_COMPLETE("Pull complete"),
  ALREADY_EXISTS("Already exists"),
  PREPARING("Preparing"),
  PUSHING("Pushing"),
  PUSHED("Pushed"),
  LAYER_ALREADY_EXISTS("Layer already exists"),
  MOUNTED("Mounted from"),
  RETRYING("Retrying in");

  private final String text;

  TransferState(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }
}
