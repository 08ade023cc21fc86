package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.util.List;

/**
 * The options of {@code run} and {@code create} that become one member of the request, as a table:
 * where the member is, and how the text becomes its value. Options with more to them are in {@link
 * ContainerRequest}.
 *
 * @param member path of the JSON member, such as {@code HostConfig.Memory}
 */
record RunOption(Kind kind, String member, String usage, String label, List<String> names) {
  /** How the option's text becomes JSON. */
  enum Kind {
    FLAG,
    TEXT,
    LIST,
    NUMBER,
    BYTES,
    /** Decimal processors, in billionths. */
    NANO_CPUS,
    /** {@code name=value} pairs as an object. */
    PAIRS
  }

  private static RunOption of(Kind kind, String member, String usage, String label, String... n) {
    return new RunOption(kind, member, usage, label, List.of(n));
  }

  static final List<RunOption> TABLE =
      List.of(
          of(
              Kind.LIST,
              "HostConfig.ExtraHosts",
              "Add a custom host-to-IP mapping (host:ip)",
              "list",
              "--add-host"),
          of(Kind.PAIRS, "HostConfig.Annotations", "Add an annotation", "map", "--annotation"),
          of(
              Kind.NUMBER,
              "HostConfig.BlkioWeight",
              "Block IO (relative weight), between 10 and 1000, or 0 to disable",
              "uint16",
              "--blkio-weight"),
          of(
              Kind.NUMBER,
              "HostConfig.CpuRealtimePeriod",
              "Limit CPU real-time period in microseconds",
              "int",
              "--cpu-rt-period"),
          of(
              Kind.NUMBER,
              "HostConfig.CpuRealtimeRuntime",
              "Limit CPU real-time runtime in microseconds",
              "int",
              "--cpu-rt-runtime"),
          of(
              Kind.TEXT,
              "HostConfig.LogConfig.Type",
              "Logging driver for the container",
              "string",
              "--log-driver"),
          of(Kind.PAIRS, "HostConfig.LogConfig.Config", "Log driver options", "list", "--log-opt"),
          of(
              Kind.NUMBER,
              "HostConfig.MemorySwappiness",
              "Tune container memory swappiness (0 to 100)",
              "int",
              "--memory-swappiness"),
          of(
              Kind.PAIRS,
              "HostConfig.StorageOpt",
              "Storage driver options for the container",
              "list",
              "--storage-opt"),
          of(
              Kind.TEXT,
              "HostConfig.VolumeDriver",
              "Optional volume driver for the container",
              "string",
              "--volume-driver"),
          of(Kind.LIST, "HostConfig.CapAdd", "Add Linux capabilities", "list", "--cap-add"),
          of(Kind.LIST, "HostConfig.CapDrop", "Drop Linux capabilities", "list", "--cap-drop"),
          of(
              Kind.TEXT,
              "HostConfig.CgroupParent",
              "Optional parent cgroup for the container",
              "string",
              "--cgroup-parent"),
          of(
              Kind.TEXT,
              "HostConfig.CgroupnsMode",
              "Cgroup namespace to use (host|private)",
              "string",
              "--cgroupns"),
          of(
              Kind.NUMBER,
              "HostConfig.CpuPeriod",
              "Limit CPU CFS (Completely Fair Scheduler) period",
              "int",
              "--cpu-period"),
          of(
              Kind.NUMBER,
              "HostConfig.CpuQuota",
              "Limit CPU CFS (Completely Fair Scheduler) quota",
              "int",
              "--cpu-quota"),
          of(
              Kind.NUMBER,
              "HostConfig.CpuShares",
              "CPU shares (relative weight)",
              "int",
              "-c",
              "--cpu-shares"),
          of(Kind.NANO_CPUS, "HostConfig.NanoCpus", "Number of CPUs", "decimal", "--cpus"),
          of(
              Kind.TEXT,
              "HostConfig.CpusetCpus",
              "CPUs in which to allow execution (0-3, 0,1)",
              "string",
              "--cpuset-cpus"),
          of(
              Kind.TEXT,
              "HostConfig.CpusetMems",
              "MEMs in which to allow execution (0-3, 0,1)",
              "string",
              "--cpuset-mems"),
          of(Kind.LIST, "HostConfig.Dns", "Set custom DNS servers", "list", "--dns"),
          of(Kind.LIST, "HostConfig.DnsOptions", "Set DNS options", "list", "--dns-option"),
          of(
              Kind.LIST,
              "HostConfig.DnsSearch",
              "Set custom DNS search domains",
              "list",
              "--dns-search"),
          of(Kind.TEXT, "Domainname", "Container NIS domain name", "string", "--domainname"),
          of(
              Kind.LIST,
              "HostConfig.GroupAdd",
              "Add additional groups to join",
              "list",
              "--group-add"),
          of(Kind.TEXT, "Hostname", "Container host name", "string", "-h", "--hostname"),
          of(
              Kind.FLAG,
              "HostConfig.Init",
              "Run an init inside the container that forwards signals and reaps processes",
              "",
              "--init"),
          of(Kind.TEXT, "HostConfig.IpcMode", "IPC mode to use", "string", "--ipc"),
          of(Kind.PAIRS, "Labels", "Set meta data on a container", "list", "-l", "--label"),
          of(Kind.BYTES, "HostConfig.Memory", "Memory limit", "bytes", "-m", "--memory"),
          of(
              Kind.BYTES,
              "HostConfig.MemoryReservation",
              "Memory soft limit",
              "bytes",
              "--memory-reservation"),
          of(
              Kind.BYTES,
              "HostConfig.MemorySwap",
              "Swap limit equal to memory plus swap: '-1' to enable unlimited swap",
              "bytes",
              "--memory-swap"),
          of(
              Kind.FLAG,
              "HostConfig.OomKillDisable",
              "Disable OOM Killer",
              "",
              "--oom-kill-disable"),
          of(
              Kind.NUMBER,
              "HostConfig.OomScoreAdj",
              "Tune host's OOM preferences (-1000 to 1000)",
              "int",
              "--oom-score-adj"),
          of(Kind.TEXT, "HostConfig.PidMode", "PID namespace to use", "string", "--pid"),
          of(
              Kind.NUMBER,
              "HostConfig.PidsLimit",
              "Tune container pids limit (set -1 for unlimited)",
              "int",
              "--pids-limit"),
          of(
              Kind.FLAG,
              "HostConfig.Privileged",
              "Give extended privileges to this container",
              "",
              "--privileged"),
          of(
              Kind.FLAG,
              "HostConfig.PublishAllPorts",
              "Publish all exposed ports to random ports",
              "",
              "-P",
              "--publish-all"),
          of(
              Kind.FLAG,
              "HostConfig.ReadonlyRootfs",
              "Mount the container's root filesystem as read only",
              "",
              "--read-only"),
          of(
              Kind.FLAG,
              "HostConfig.AutoRemove",
              "Automatically remove the container and its associated anonymous volumes when it"
                  + " exits",
              "",
              "--rm"),
          of(
              Kind.TEXT,
              "HostConfig.Runtime",
              "Runtime to use for this container",
              "string",
              "--runtime"),
          of(Kind.LIST, "HostConfig.SecurityOpt", "Security Options", "list", "--security-opt"),
          of(Kind.BYTES, "HostConfig.ShmSize", "Size of /dev/shm", "bytes", "--shm-size"),
          of(Kind.TEXT, "StopSignal", "Signal to stop the container", "string", "--stop-signal"),
          of(
              Kind.NUMBER,
              "StopTimeout",
              "Timeout (in seconds) to stop a container",
              "int",
              "--stop-timeout"),
          of(Kind.PAIRS, "HostConfig.Sysctls", "Sysctl options", "map", "--sysctl"),
          of(
              Kind.TEXT,
              "User",
              "Username or UID (format: <name|uid>[:<group|gid>])",
              "string",
              "-u",
              "--user"),
          of(Kind.TEXT, "HostConfig.UsernsMode", "User namespace to use", "string", "--userns"),
          of(Kind.TEXT, "HostConfig.UTSMode", "UTS namespace to use", "string", "--uts"),
          of(Kind.LIST, "HostConfig.Binds", "Bind mount a volume", "list", "-v", "--volume"),
          of(
              Kind.LIST,
              "HostConfig.VolumesFrom",
              "Mount volumes from the specified container(s)",
              "list",
              "--volumes-from"),
          of(
              Kind.TEXT,
              "WorkingDir",
              "Working directory inside the container",
              "string",
              "-w",
              "--workdir"));

  /** Adds the option to a command. */
  void describe(Options options) {
    String[] all = names.toArray(String[]::new);
    switch (kind) {
      case FLAG -> options.flag(usage, all);
      case LIST, PAIRS -> options.list(usage, label, all);
      case TEXT, NUMBER, BYTES, NANO_CPUS -> options.text(usage, label, all);
    }
  }

  /** Puts the option's value into the request, if it was given. */
  void apply(Invocation call, JsonObject request) {
    String name = names.getLast();
    switch (kind) {
      case FLAG -> {
        if (call.flag(name)) {
          request.put(member, new JsonValue.Bool(true));
        }
      }
      case LIST -> request.putTexts(member, call.list(name));
      case PAIRS -> {
        call.list(name).forEach(pair -> pair(member, pair, request));
      }
      case TEXT, NUMBER, BYTES, NANO_CPUS -> {
        String text = call.text(name);
        if (!text.isEmpty()) {
          request.put(member, value(name, text));
        }
      }
    }
  }

  /** Puts {@code name=value} into the object that a member is. */
  static void pair(String member, String pair, JsonObject request) {
    int equals = pair.indexOf('=');
    String key = equals < 0 ? pair : pair.substring(0, equals);
    String value = equals < 0 ? "" : pair.substring(equals + 1);
    request.in(member).putName(key, new JsonValue.Text(value));
  }

  private JsonValue value(String name, String text) {
    return switch (kind) {
      case NUMBER -> number(name, text);
      case BYTES -> new JsonValue.Num(Long.toString(ByteSize.parse(name, text)));
      case NANO_CPUS -> {
        if (!text.matches("\\d{1,9}(\\.\\d{1,9})?")) {
          throw invalid(name, text, "failed to parse " + text + " as a rational number");
        }
        yield new JsonValue.Num(
            new java.math.BigDecimal(text).movePointRight(9).toBigInteger().toString());
      }
      case TEXT, FLAG, LIST, PAIRS -> new JsonValue.Text(text);
    };
  }

  /** A whole number. */
  static JsonValue number(String name, String text) {
    if (!text.matches("-?\\d{1,18}")) {
      throw invalid(name, text, "strconv.ParseInt: parsing \"" + text + "\": invalid syntax");
    }
    return new JsonValue.Num(text);
  }

  /** Docker's sentence for an option value that cannot be read. */
  static UsageException invalid(String option, String text, String reason) {
    return new UsageException(
        "invalid argument \"%s\" for \"%s\" flag: %s".formatted(text, option, reason));
  }
}
