package io.slipway.cli.command;

import io.slipway.cli.client.EngineClient;
import io.slipway.cli.client.EngineException;
import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway stats}. */
final class StatsCommand implements Command {
  private static final String CLEAR = "\033[2J\033[H";
  private static final long REFRESH_MILLIS = 500;
  private static final String TABLE =
      "{{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}"
          + "\t{{.PIDs}}";
  private static final Map<String, String> TITLES =
      Map.of(
          "Container",
          "CONTAINER",
          "ID",
          "CONTAINER ID",
          "Name",
          "NAME",
          "CPUPerc",
          "CPU %",
          "MemUsage",
          "MEM USAGE / LIMIT",
          "MemPerc",
          "MEM %",
          "NetIO",
          "NET I/O",
          "BlockIO",
          "BLOCK I/O",
          "PIDs",
          "PIDS");

  @Override
  public void describe(CommandSpec spec) {
    new Options(spec)
        .flag("Show all containers (default shows just running)", "-a", "--all")
        .text("Format output using a Go template, 'table' or 'json'", "string", "--format")
        .flag("Disable streaming stats and only pull the first result", "--no-stream")
        .flag("Do not truncate output", "--no-trunc")
        .words();
  }

  @Override
  public String arguments() {
    return "[OPTIONS] [CONTAINER...]";
  }

  @Override
  public int run(Invocation call) throws IOException, InterruptedException {
    EngineClient client = call.client();
    List<String> names = call.arguments().isEmpty() ? running(call, client) : call.arguments();
    Map<Integer, JsonValue> latest = new ConcurrentSkipListMap<>();
    List<EngineException> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    CountDownLatch all = new CountDownLatch(names.size());
    boolean stream = !call.flag("--no-stream");
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Reader reader = new Reader(client, names.get(i), i, stream, latest, failures, all);
      readers.add(Thread.ofVirtual().start(reader));
    }
    all.await();
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
    do {
      if (stream && call.console().terminalOut()) {
        call.console().out().print(CLEAR);
      }
      print(call, latest);
      call.console().flush();
    } while (stream && waitForMore(readers));
    return 0;
  }

  private static boolean waitForMore(List<Thread> readers) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(REFRESH_MILLIS);
    return readers.stream().anyMatch(Thread::isAlive);
  }

  private static List<String> running(Invocation call, EngineClient client) throws IOException {
    List<String> ids = new ArrayList<>();
    Query query = Query.of("/containers/json").flag("all", call.flag("--all"));
    try (EngineResponse answer = client.get(query)) {
      answer.json().items().forEach(container -> ids.add(container.text("Id")));
    }
    return ids;
  }

  /** Follows one container's measurements. */
  private record Reader(
      EngineClient client,
      String name,
      int row,
      boolean stream,
      Map<Integer, JsonValue> latest,
      List<EngineException> failures,
      CountDownLatch first)
      implements Runnable {
    @Override
    public void run() {
      Query query =
          Query.of("/containers/" + Query.segment(name) + "/stats")
              .with("stream", stream ? "1" : "0");
      try (EngineResponse answer = client.get(query)) {
        answer.eachJson(value -> {
          boolean isFirst = latest.put(row, value) == null;
          if (isFirst) {
            first.countDown();
          }
        });
      } catch (EngineException e) {
        failures.add(e);
      } catch (IOException e) {
        failures.add(unreadable(e));
      }
      if (!latest.containsKey(row)) {
        first.countDown();
      }
    }

    private EngineException unreadable(IOException e) {
      return EngineException.of("stats of " + name + ": " + e.getMessage());
    }
  }

  private static void print(Invocation call, Map<Integer, JsonValue> latest) {
    FormattedRows listing =
        new FormattedRows(call.console().out(), call.text("--format"), TABLE, TITLES);
    latest.values().forEach(stats -> listing.row(row(stats, call.flag("--no-trunc"))));
    listing.print();
  }

  /** Docker's columns of one measurement. */
  static Map<String, String> row(JsonValue stats, boolean whole) {
    String id = stats.text("id");
    JsonValue memory = stats.get("memory_stats");
    long used = usedMemory(memory);
    long limit = memory.number("limit");
    long received = 0;
    long sent = 0;
    for (JsonValue network : stats.get("networks").members().values()) {
      received += network.number("rx_bytes");
      sent += network.number("tx_bytes");
    }
    Map<String, String> row = new LinkedHashMap<>();
    row.put("ID", whole ? id : HumanText.shortId(id));
    row.put("Name", stats.text("name").replaceFirst("^/", ""));
    row.put("CPUPerc", percent(cpuPercent(stats)));
    row.put("MemUsage", HumanText.binarySize(used) + " / " + HumanText.binarySize(limit));
    row.put("MemPerc", percent(limit == 0 ? 0 : 100.0 * used / limit));
    row.put("NetIO", HumanText.size(received) + " / " + HumanText.size(sent));
    row.put(
        "BlockIO", HumanText.size(blocks(stats, 'r')) + " / " + HumanText.size(blocks(stats, 'w')));
    row.put("PIDs", Long.toString(stats.get("pids_stats").number("current")));
    row.put("Container", row.get("ID"));
    return row;
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.2f%%", value);
  }

  /** Without what the kernel can drop: the inactive file cache, as docker counts. */
  private static long usedMemory(JsonValue memory) {
    long usage = memory.number("usage");
    JsonValue table = memory.get("stats");
    long inactive =
        table.members().containsKey("total_inactive_file")
            ? table.number("total_inactive_file")
            : table.number("inactive_file");
    return inactive < usage ? usage - inactive : usage;
  }

  private static double cpuPercent(JsonValue stats) {
    JsonValue now = stats.get("cpu_stats");
    JsonValue before = stats.get("precpu_stats");
    double container =
        now.get("cpu_usage").number("total_usage") - before.get("cpu_usage").number("total_usage");
    double system = now.number("system_cpu_usage") - before.number("system_cpu_usage");
    return container > 0 && system > 0 ? container / system * now.number("online_cpus") * 100 : 0;
  }

  private static long blocks(JsonValue stats, char operation) {
    long bytes = 0;
    for (JsonValue entry : stats.get("blkio_stats").get("io_service_bytes_recursive").items()) {
      String name = entry.text("op").toLowerCase(Locale.ROOT);
      bytes += !name.isEmpty() && name.charAt(0) == operation ? entry.number("value") : 0;
    }
    return bytes;
  }
}
