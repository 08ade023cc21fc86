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

  /** GETs of one address by some connections for some seconds. */
  record Requests(String title, String target, int connections, int seconds, boolean isFile)
      implements Workload {
    @Override
    public boolean suits(Contender contender) {
      return isFile || contender.isRegistry();
    }

    @Override
    public String rateUnit() {
      return "req/s";
    }

    @Override
    public String costUnit() {
      return "us/req";
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
                  "-c" + connections,
                  "-d" + seconds + "s",
                  "-H",
                  "Accept: " + RegistryBenchmark.MANIFEST,
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

  /** Whole downloads by some clients at a time, each several times. */
  record Downloads(String title, String target, long bytes, int clients, int times)
      implements Workload {
    @Override
    public boolean suits(Contender contender) {
      return true;
    }

    @Override
    public String rateUnit() {
      return "MB/s";
    }

    @Override
    public String costUnit() {
      return "s/GB";
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
