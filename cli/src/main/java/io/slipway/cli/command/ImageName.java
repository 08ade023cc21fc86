package io.slipway.cli.command;

/** Repository and tag of a name on the command line; the daemon judges whether it is valid. */
record ImageName(String repository, String tag) {
  static ImageName parse(String text) {
    int at = text.indexOf('@');
    if (at >= 0) {
      return new ImageName(text.substring(0, at), text.substring(at + 1));
    }
    int colon = text.lastIndexOf(':');
    return colon > text.lastIndexOf('/')
        ? new ImageName(text.substring(0, colon), text.substring(colon + 1))
        : new ImageName(text, "latest");
  }
}
