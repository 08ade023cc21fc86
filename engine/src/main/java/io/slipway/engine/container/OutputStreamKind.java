package io.slipway.engine.container;

/** Which of a process's outputs some bytes came from; the number is that of Docker's frames. */
enum OutputStreamKind {
  STDOUT(1, "stdout"),
  STDERR(2, "stderr");

  private final int frame;
  private final String label;

  OutputStreamKind(int frame, String label) {
    this.frame = frame;
    this.label = label;
  }

  int frame() {
    return frame;
  }

  String label() {
    return label;
  }
}
