package io.slipway.cli.command;

/** How far a transfer has come and how fast it is, over about the last second. */
final class TransferRate {
  private static final long WINDOW_MILLIS = 1000;

  private long windowStart = -1;
  private long windowBytes;
  private long current;
  private long total;
  private double bytesPerSecond;

  /**
   * Takes a report.
   *
   * @param atMillis when it was made
   * @param bytes so far
   * @param all bytes in all; 0 if that is not known
   */
  void reached(long atMillis, long bytes, long all) {
    current = bytes;
    total = all;
    if (windowStart < 0) {
      windowStart = atMillis;
      windowBytes = bytes;
      return;
    }
    long passed = atMillis - windowStart;
    boolean first = bytesPerSecond == 0 && passed > 0;
    if (first || passed >= WINDOW_MILLIS) {
      bytesPerSecond = Math.max(0, (bytes - windowBytes) * 1000.0 / passed);
    }
    if (passed >= WINDOW_MILLIS) {
      windowStart = atMillis;
      windowBytes = bytes;
    }
  }

  /** {@code 12.3MB / 40MB 5.1MB/s}. */
  String text() {
    String size = HumanText.size(current);
    String known = total > 0 ? size + " / " + HumanText.size(total) : size;
    boolean over = total > 0 && current >= total;
    return bytesPerSecond > 0 && !over
        ? known + "  " + HumanText.size((long) bytesPerSecond) + "/s"
        : known;
  }
}
