package io.slipway.benchmarks.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reading, with wrk for small things and curl for large ones. */
final class PullWorkloads {
  private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");
  private static final Pattern ERRORS = Pattern.compile("Non-2xx|Socket errors");

  private PullWorkloads() {}

  /** GETs of one address by 16 connections for some seconds, with a password where one is asked. */
  record Requests(String title, String target, boolean guarded) implements Workload {
    private static final String CONNECTIONS = "-c16";
    private static final String TIME = "-d2s";

    @Override
    public boolean suits(Contender contender) {
      return contender.isGuarded() == guarded;
    }

    @Override
    public Scoreboard.Units units() {
      return new Scoreboard.Units("req/s", "us CPU", false);
    }

    @Override
    public double unitsPerRate() {
      return 1;
    }

    @Override
    public double costPerSecond() {
      return 1e6;
    }

    @Override
    public Work run(Contender contender) throws Exception {
      String out =
          run(
              List.of(
                  "wrk",
                  "-t1",
                  CONNECTIONS,
                  TIME,
                  "--timeout",
                  "60s",
                  "-H",
                  "Accept: " + RegistryBenchmark.MANIFEST,
                  "-H",
                  guarded ? RegistryBenchmark.PASSWORD : "X-Password: none",
                  "http://127.0.0.1:" + contender.port() + target));
      Matcher count = REQUESTS.matcher(out);
      if (!count.find() || ERRORS.matcher(out).find()) {
        throw new IOException("wrk failed:\n" + out);
      }
      return new Work(Double.parseDouble(count.group(1)));
    }

    private static String run(List<String> command) throws IOException {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** GETs of one address after each other, for a second or as long as one takes. */
  record Lookups(String title, String target) implements Workload {
    private static final long NANOS = 1_000_000_000;

    @Override
    public Scoreboard.Units units() {
      return new Scoreboard.Units("", "us CPU", true);
    }

    @Override
    public double unitsPerRate() {
      return 1;
    }

    @Override
    public double costPerSecond() {
      return 1e6;
    }

    @Override
    public Work run(Contender contender) throws IOException {
      long end = System.nanoTime() + NANOS;
      int count = 0;
      try (RawClient client = new RawClient(contender.port())) {
        do {
          client.send("GET", target, new byte[0]).require(200);
          count++;
        } while (System.nanoTime() < end);
      }
      return new Work(count);
    }
  }

  /** Whole downloads by some clients at a time, each several times. */
  record Downloads(String title, String target, long bytes, int clients, int times)
      implements Workload {
    @Override
    public boolean suits(Contender contender) {
      return !contender.isGuarded();
    }

    @Override
    public Scoreboard.Units units() {
      return new Scoreboard.Units("MB/s", "s/GB CPU", false);
    }

    @Override
    public double unitsPerRate() {
      return 1e6;
    }

    @Override
    public double costPerSecond() {
      return 1e9;
    }

    @Override
    public Work run(Contender contender) throws Exception {
      List<Process> all = new ArrayList<>();
      String url = "http://127.0.0.1:" + contender.port() + target;
      for (int i = 0; i < clients; i++) {
        List<String> command = new ArrayList<>(List.of("curl", "-sSf"));
        for (int j = 0; j < times; j++) {
          command.addAll(List.of("-o", "/dev/null", url));
        }
        all.add(new ProcessBuilder(command).inheritIO().start());
      }
      for (Process one : all) {
        if (one.waitFor() != 0) {
          throw new IOException("curl " + url + " failed");
        }
      }
      return new Work((double) bytes * clients * times);
    }
  }
}
