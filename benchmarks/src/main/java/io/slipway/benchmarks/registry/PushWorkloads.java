package io.slipway.benchmarks.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Pushing blobs the ways clients do; every blob is new to the server. */
final class PushWorkloads {
  private static final AtomicLong FRESH = new AtomicLong(System.nanoTime());

  /** The ways to send a blob. */
  enum Style {
    /** POST, then PUT with the whole body. */
    MONOLITHIC,
    /** POST, PATCHes of 10 MiB with ranges, PUT. */
    CHUNKED,
    /** POST, one PATCH without a length, PUT: docker, skopeo, buildah. */
    STREAMED
  }

  private PushWorkloads() {}

  /** Content nobody has seen, with its digest. */
  record Content(byte[] bytes, String digest) {
    static Content fresh(byte[] template) {
      byte[] bytes = template.clone();
      ByteBuffer.wrap(bytes).putLong(FRESH.incrementAndGet());
      return new Content(bytes, PushWorkloads.digest(bytes));
    }
  }

  static String digest(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The address that ends an upload. */
  static String finish(String location, Content content) {
    char separator = location.indexOf('?') < 0 ? '?' : '&';
    return location + separator + "digest=" + content.digest();
  }

  static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /** {@code count} blobs of {@code size} bytes over {@code connections}. */
  static final class Pushes implements Workload {
    private static final int CHUNK = 10 << 20;

    private final String title;
    private final Style style;
    private final int count;
    private final int connections;
    private final boolean small;
    private final byte[] template;
    private List<Content> contents;

    Pushes(String title, Style style, int size, int count, int connections, boolean small) {
      this.title = title;
      this.style = style;
      this.count = count;
      this.connections = connections;
      this.small = small;
      this.template = random(size);
    }

    @Override
    public String title() {
      return title;
    }

    @Override
    public Scoreboard.Units units() {
      return small
          ? new Scoreboard.Units("blobs/s", "us CPU", false)
          : new Scoreboard.Units("MB/s", "s/GB CPU", false);
    }

    @Override
    public double unitsPerRate() {
      return small ? 1 : 1e6;
    }

    @Override
    public double costPerSecond() {
      return small ? 1e6 : 1e9;
    }

    /** Makes the content outside of the measured time. */
    @Override
    public void prepare(Contender contender) {
      List<Content> fresh = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        fresh.add(Content.fresh(template));
      }
      contents = fresh;
    }

    @Override
    public Work run(Contender contender) throws Exception {
      try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
          int first = i;
          all.add(threads.submit(() -> pushEvery(contender, first)));
        }
        for (Future<?> one : all) {
          one.get();
        }
      }
      return new Work(small ? count : (double) count * template.length);
    }

    private Void pushEvery(Contender contender, int first) throws IOException {
      try (RawClient client = new RawClient(contender.port())) {
        for (int i = first; i < count; i += connections) {
          push(client, contents.get(i));
        }
      }
      return null;
    }

    private void push(RawClient client, Content content) throws IOException {
      byte[] bytes = content.bytes();
      byte[] nothing = new byte[0];
      String location =
          client.send("POST", "/v2/push/blobs/uploads/", nothing).require(202).location();
      switch (style) {
        case MONOLITHIC -> client.send("PUT", finish(location, content), bytes).require(201);
        case STREAMED -> {
          String next = client.stream("PATCH", location, bytes).require(202).location();
          client.send("PUT", finish(next, content), nothing).require(201);
        }
        case CHUNKED -> {
          String next = location;
          for (int at = 0; at < bytes.length; at += CHUNK) {
            int length = Math.min(CHUNK, bytes.length - at);
            String range = "Content-Range: " + at + "-" + (at + length - 1);
            next = client.send("PATCH", next, bytes, at, length, range).require(202).location();
          }
          client.send("PUT", finish(next, content), nothing).require(201);
        }
      }
    }
  }
}
