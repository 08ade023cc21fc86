package io.slipway.benchmarks.registry;

import java.util.List;

/**
 * What a row of the table is to reach.
 *
 * @param title of the row, as its workload is called
 */
record Goal(String title, String text, Check check) {

  /** Whether the figures of our row are good enough. */
  interface Check {
    boolean isReached(Figures ours);
  }

  /** Our row: medians, and medians of the ratios within each round. */
  interface Figures {
    /** How many times the rate of another contender's row. */
    double times(String title, String contender);

    double rate();

    /** Processor time in the unit of the row. */
    double cost();
  }

  static final String MANIFEST_BY_DIGEST = "manifest by digest, 16 connections";
  static final String MANIFEST_BY_TAG = "manifest by tag, 16 connections";
  static final String GUARDED = "the same with a password";
  static final String SMALL_BLOB = "blob of 130 bytes, 16 connections";
  static final String DOWNLOAD = "GET of 100 MB, 1 client";
  static final String DOWNLOADS = "GET of 100 MB, 8 clients";
  static final String MONOLITHIC = "push of 100 MB, monolithic";
  static final String CHUNKED = "push of 100 MB, in 10 MiB chunks";
  static final String STREAMED = "push of 100 MB, streamed";
  static final String PARALLEL = "push of 4 x 25 MB in parallel";
  static final String SMALL_PUSHES = "push of 200 x 10 KB, 8 connections";
  static final String TAGS = "list 100 of 100,000 tags";
  static final String REPOSITORIES = "list 100 of 100,000 repositories";
  static final String DELETE = "delete a manifest of 1,000 tags";
  static final String START = "start with 1,000,000 blobs";
  static final String KILLED = "the same after kill -9";
  static final String IDLE = "resident memory, idle";
  static final String BUSY = "resident memory, 8 x 100 MB each way";

  private static final double MILLIS = 1e3;

  static final List<Goal> ALL =
      List.of(
          new Goal(
              MANIFEST_BY_DIGEST,
              "20x, 60 us",
              f -> f.times(MANIFEST_BY_DIGEST, Contender.PEER) >= 20 && f.cost() <= 60),
          new Goal(
              MANIFEST_BY_TAG,
              "20x, 60 us",
              f -> f.times(MANIFEST_BY_TAG, Contender.PEER) >= 20 && f.cost() <= 60),
          new Goal(
              GUARDED, "0.9x of without", f -> f.times(MANIFEST_BY_TAG, Contender.SLIPWAY) >= 0.9),
          new Goal(SMALL_BLOB, "10x", f -> f.times(SMALL_BLOB, Contender.PEER) >= 10),
          download(DOWNLOAD),
          download(DOWNLOADS),
          push(MONOLITHIC),
          push(CHUNKED),
          push(STREAMED),
          push(PARALLEL),
          new Goal(SMALL_PUSHES, "5x", f -> f.times(SMALL_PUSHES, Contender.PEER) >= 5),
          within(TAGS, 5),
          within(REPOSITORIES, 5),
          within(DELETE, 20),
          within(START, 1_000),
          within(KILLED, 2_000),
          new Goal(IDLE, "130 MiB", f -> f.rate() <= 130),
          new Goal(BUSY, "260 MiB", f -> f.rate() <= 260));

  private static Goal download(String title) {
    return new Goal(
        title,
        "0.9x of nginx, 0.25 s/GB",
        f -> f.times(title, Contender.NGINX) >= 0.9 && f.cost() <= 0.25);
  }

  private static Goal push(String title) {
    return new Goal(
        title, "1.5x, 1.0 s/GB", f -> f.times(title, Contender.PEER) >= 1.5 && f.cost() <= 1.0);
  }

  /** The rate is in things per second. */
  private static Goal within(String title, int millis) {
    return new Goal(title, "%,d ms".formatted(millis), f -> MILLIS / f.rate() <= millis);
  }
}
